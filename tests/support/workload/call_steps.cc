#include <string>

#include "calls.h"
#include "steps.h"

namespace socktap::workload {
namespace {

// Room asked for beyond the message, so that size asked and size received differ.
constexpr std::size_t spare_room = 4000;

bool offered(Workbench& bench, Call::Needs needs) {
  switch (needs) {
    case Call::Needs::nothing:
      return true;
    case Call::Needs::aio:
      return bench.aio() != 0;
    case Call::Needs::ring:
      return bench.ring() != nullptr;
    case Call::Needs::zero_copy:  // Linux 6.0
      return bench.ring() != nullptr && bench.ring()->offers(IORING_OP_SEND_ZC);
  }
  return false;
}

bool available(Workbench& bench, const Call& call) {
  if (offered(bench, call.needs)) return true;
  bench.recorder().skipped("refused by this kernel");
  return false;
}

void send_by(Workbench& bench, const Call& call, const Socket& socket, std::size_t size) {
  std::vector<char> bytes(size, 's');
  const long sent = call.run(bench, socket.fd, bytes);
  require(sent == static_cast<long>(size), call.name, sent);
  bench.recorder().message(socket, {.operation = Operation::send,
                                    .paths = call.paths,
                                    .offered = static_cast<std::int64_t>(size),
                                    .moved = sent,
                                    .begin_mark = call.begin_mark});
}

void receive_by(Workbench& bench, const Call& call, const Socket& socket, std::size_t expected,
                std::string_view conclusion_mark = mark::none) {
  std::vector<char> room(expected + spare_room);
  const long received = call.run(bench, socket.fd, room);
  require(received == static_cast<long>(expected), call.name, received);
  bench.recorder().message(socket, {.operation = Operation::receive,
                                    .paths = call.paths,
                                    .offered = static_cast<std::int64_t>(room.size()),
                                    .moved = received,
                                    .begin_mark = call.begin_mark,
                                    .conclusion_mark = conclusion_mark});
}

void run_send(Workbench& bench, const LinkKind& kind, const Call& call) {
  if (!available(bench, call)) return;
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  const std::size_t size = bench.next_size();
  send_by(bench, call, link->sender, size);
  receive_by(bench, plain_receive(), link->receiver,
             size + static_cast<std::size_t>(kind.added_on_receipt));
  close_link(*link, bench.recorder());
}

void run_receive(Workbench& bench, const LinkKind& kind, const Call& call) {
  if (!available(bench, call)) return;
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  const std::size_t size = bench.next_size();
  send_by(bench, plain_send(), link->sender, size);
  const bool unseen = call.name == "splice" && kind.is_stream;
  receive_by(bench, call, link->receiver, size + static_cast<std::size_t>(kind.added_on_receipt),
             unseen ? mark::splice_out_of_stream : mark::none);
  close_link(*link, bench.recorder());
}

}  // namespace

void add_call_steps(std::vector<Step>& steps) {
  for (const LinkKind& kind : link_kinds()) {
    for (const Call& call : send_calls()) {
      if (call.needs == Call::Needs::zero_copy && !kind.zero_copy) continue;
      steps.push_back({std::string(kind.name) + "/send/" + std::string(call.name),
                       [&](Workbench& bench) { run_send(bench, kind, call); }});
    }
    for (const Call& call : receive_calls()) {
      steps.push_back({std::string(kind.name) + "/receive/" + std::string(call.name),
                       [&](Workbench& bench) { run_receive(bench, kind, call); }});
    }
  }
}

}  // namespace socktap::workload
