#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <vector>

#include "exchange.h"
#include "steps.h"

namespace socktap::workload {
namespace {

constexpr std::size_t most = 4;

// Up to four messages for sendmmsg or recvmmsg, each with a buffer of its own.
struct Batch {
  explicit Batch(std::span<const std::size_t> sizes) {
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      buffers[i].resize(sizes[i]);
      vectors[i] = {buffers[i].data(), buffers[i].size()};
      messages[i].msg_hdr.msg_iov = &vectors[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    count = static_cast<unsigned>(sizes.size());
  }

  std::array<std::vector<char>, most> buffers;
  std::array<iovec, most> vectors{};
  std::array<mmsghdr, most> messages{};
  unsigned count = 0;
};

// What the call's `done` messages were, and the error that ended it early, if any did.
void record(Recorder& recorder, const Socket& socket, Operation operation, const Batch& batch,
            int done, int ended_by = 0) {
  const Path path = operation == Operation::send ? Path::sendmsg : Path::recvmsg;
  for (int i = 0; i < done; ++i) {
    const auto at = static_cast<std::size_t>(i);
    recorder.message(socket, {.operation = operation,
                              .paths = {path},
                              .offered = static_cast<std::int64_t>(batch.buffers[at].size()),
                              .moved = batch.messages[at].msg_len,
                              .begin_mark = i == 0 ? mark::none : mark::batch_begin});
  }
  if (ended_by == 0) return;
  const auto at = static_cast<std::size_t>(done);
  recorder.message(socket, {.operation = operation,
                            .paths = {path},
                            .offered = static_cast<std::int64_t>(batch.buffers[at].size()),
                            .moved = ended_by,
                            .begin_mark = done == 0 ? mark::none : mark::batch_begin,
                            .conclusion_mark = done == 0 ? mark::none : mark::short_batch_end});
}

std::vector<std::size_t> fresh_sizes(Workbench& bench, int count) {
  std::vector<std::size_t> sizes;
  sizes.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) sizes.push_back(bench.next_size());
  return sizes;
}

void send_batch(Workbench& bench, const Socket& socket, Batch& batch, int done, int ended_by = 0) {
  const long sent = outcome(sendmmsg(socket.fd, batch.messages.data(), batch.count, 0));
  require(sent == done, "sendmmsg", sent);
  record(bench.recorder(), socket, Operation::send, batch, done, ended_by);
}

void receive_batch(Workbench& bench, const Socket& socket, unsigned asked, int flags, int done,
                   int ended_by) {
  std::vector<std::size_t> rooms;
  for (unsigned i = 0; i < asked; ++i) rooms.push_back(2000 + bench.next_size());
  Batch batch(rooms);
  const long received = outcome(recvmmsg(socket.fd, batch.messages.data(), asked, flags, nullptr));
  require(received == (done == 0 ? ended_by : done), "recvmmsg", received);
  record(bench.recorder(), socket, Operation::receive, batch, done, ended_by);
}

void run_full(Workbench& bench, const LinkKind& kind, int count) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  Batch batch(fresh_sizes(bench, count));
  send_batch(bench, link->sender, batch, count);
  receive_batch(bench, link->receiver, static_cast<unsigned>(count), 0, count, 0);
  close_link(*link, bench.recorder());
}

void run_short(Workbench& bench, const LinkKind& kind, int flags) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  Batch batch(fresh_sizes(bench, 2));
  send_batch(bench, link->sender, batch, 2);
  receive_batch(bench, link->receiver, most, flags, 2, -EAGAIN);
  close_link(*link, bench.recorder());
}

void run_empty(Workbench& bench, const LinkKind& kind) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  receive_batch(bench, link->receiver, most, MSG_DONTWAIT, 0, -EAGAIN);
  close_link(*link, bench.recorder());
}

// The second of two datagrams is larger than any may be.
void run_cut_off(Workbench& bench, const LinkKind& kind) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  Batch batch(std::vector<std::size_t>{bench.next_size(), 8 << 20});
  send_batch(bench, link->sender, batch, 1, -EMSGSIZE);
  receive_batch(bench, link->receiver, 1, 0, 1, 0);
  close_link(*link, bench.recorder());
}

}  // namespace

void add_batch_steps(std::vector<Step>& steps) {
  for (const LinkKind& kind : link_kinds()) {
    if (kind.is_stream || kind.added_on_receipt != 0 || kind.name == "packet") continue;
    const std::string prefix = "batch/" + std::string(kind.name);
    steps.push_back({prefix + "/two", [&](Workbench& bench) { run_full(bench, kind, 2); }});
    steps.push_back({prefix + "/full", [&](Workbench& bench) { run_full(bench, kind, 3); }});
    steps.push_back(
        {prefix + "/short", [&](Workbench& bench) { run_short(bench, kind, MSG_DONTWAIT); }});
    steps.push_back({prefix + "/wait_for_one",
                     [&](Workbench& bench) { run_short(bench, kind, MSG_WAITFORONE); }});
    steps.push_back({prefix + "/empty", [&](Workbench& bench) { run_empty(bench, kind); }});
    steps.push_back({prefix + "/cut_off", [&](Workbench& bench) { run_cut_off(bench, kind); }});
  }
}

}  // namespace socktap::workload
