// Transfers that one call may make as several messages; the sizes add up.

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "exchange.h"
#include "steps.h"

namespace socktap::workload {
namespace {

constexpr std::size_t mebibyte = 1 << 20;

void bulk(Workbench& bench, const LinkKind& kind, std::size_t total, bool in_pieces, Path path,
          const std::function<long(int fd)>& transfer) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  std::thread reader(read_all, std::ref(bench.recorder()), link->receiver, total);
  const long moved = outcome(transfer(link->sender.fd));
  require(moved == static_cast<long>(total), "bulk transfer", moved);
  bench.recorder().message(link->sender, {.operation = Operation::send,
                                          .paths = {path},
                                          .offered = static_cast<std::int64_t>(total),
                                          .moved = moved,
                                          .in_pieces = in_pieces,
                                          .may_lack_room = true});
  reader.join();
  close_link(*link, bench.recorder());
}

void by_sendfile(Workbench& bench, const LinkKind& kind) {
  const int file = bench.file_of(std::vector<char>(mebibyte, 'f'));
  bulk(bench, kind, mebibyte, true, Path::sendmsg,
       [&](int fd) { return sendfile(fd, file, nullptr, mebibyte); });
}

void by_splice(Workbench& bench, const LinkKind& kind) {
  constexpr std::size_t total = 256 << 10;
  const std::vector<char> bytes(total, 'p');
  const auto ends = bench.pipe();
  require(write(ends[1], bytes.data(), total) == static_cast<long>(total), "write to a pipe");
  bulk(bench, kind, total, true, Path::sendmsg,
       [&](int fd) { return splice(ends[0], nullptr, fd, nullptr, total, 0); });
}

// However large, one call of send or write is one message.
void by_send(Workbench& bench, const LinkKind& kind) {
  const std::vector<char> bytes(3 * mebibyte + 1, 'b');
  bulk(bench, kind, bytes.size(), false, Path::sendmsg,
       [&](int fd) { return send(fd, bytes.data(), bytes.size(), 0); });
}

void by_write(Workbench& bench, const LinkKind& kind) {
  const std::vector<char> bytes(3 * mebibyte + 2, 'b');
  bulk(bench, kind, bytes.size(), false, Path::aio_write,
       [&](int fd) { return write(fd, bytes.data(), bytes.size()); });
}

}  // namespace

void add_bulk_steps(std::vector<Step>& steps) {
  for (const LinkKind& kind : link_kinds()) {
    if (!kind.is_stream) continue;
    const std::string prefix = "bulk/" + std::string(kind.name);
    steps.push_back({prefix + "/sendfile", [&](Workbench& bench) { by_sendfile(bench, kind); }});
    steps.push_back({prefix + "/splice", [&](Workbench& bench) { by_splice(bench, kind); }});
    steps.push_back({prefix + "/send", [&](Workbench& bench) { by_send(bench, kind); }});
    steps.push_back({prefix + "/write", [&](Workbench& bench) { by_write(bench, kind); }});
  }
}

}  // namespace socktap::workload
