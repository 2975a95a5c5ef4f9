#include "exchange.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace socktap::workload {

void send_bytes(Recorder& recorder, const Socket& socket, long size, int flags,
                std::size_t offered) {
  if (size >= 0) offered = static_cast<std::size_t>(size);
  const std::vector<char> bytes(offered, 's');
  const long sent = outcome(send(socket.fd, bytes.data(), offered, flags | MSG_NOSIGNAL));
  require(sent == size, "send", sent);
  recorder.message(socket, {.operation = Operation::send,
                            .paths = {Path::sendmsg},
                            .offered = static_cast<std::int64_t>(offered),
                            .moved = sent,
                            .may_lack_room = size == -EAGAIN});
}

void receive_bytes(Recorder& recorder, const Socket& socket, long size, int flags) {
  std::vector<char> room(static_cast<std::size_t>(std::max(size, 0L)) + 60);
  const long received = outcome(recv(socket.fd, room.data(), room.size(), flags));
  require(received == size, "recv", received);
  recorder.message(socket, {.operation = Operation::receive,
                            .paths = {Path::recvmsg},
                            .offered = static_cast<std::int64_t>(room.size()),
                            .moved = received,
                            .msg_flags = flags});
}

void attempt(Recorder& recorder, const Socket& socket, const Attempt& attempt,
             const std::function<long()>& call) {
  const long moved = outcome(call());
  require(moved == attempt.expected, attempt.name, moved);
  recorder.message(socket, {.operation = attempt.operation,
                            .paths = {attempt.path},
                            .offered = static_cast<std::int64_t>(attempt.offered),
                            .moved = moved,
                            .may_lack_room = attempt.may_lack_room,
                            .msg_flags = attempt.msg_flags});
}

void read_all(Recorder& recorder, const Socket& socket, std::size_t total) {
  prctl(PR_SET_NAME, "reader");
  std::vector<char> room(100'000);
  for (std::size_t got = 0; got < total;) {
    const long received = outcome(read(socket.fd, room.data(), room.size()));
    require(received > 0, "read of a bulk transfer", received);
    recorder.message(socket, {.operation = Operation::receive,
                              .paths = {Path::aio_read},
                              .offered = static_cast<std::int64_t>(room.size()),
                              .moved = received});
    got += static_cast<std::size_t>(received);
  }
}

}  // namespace socktap::workload
