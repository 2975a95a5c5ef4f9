// The i386 system calls, made from a 64-bit program: other numbers, other tables.

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "exchange.h"
#include "steps.h"

#if defined(__x86_64__)

namespace socktap::workload {
namespace {

namespace i386 {
constexpr long read = 3, write = 4, close = 6, getpid = 20, socketcall = 102, readv = 145,
               writev = 146, socket = 359, sendto = 369, recvfrom = 371;
constexpr long socketcall_send = 9, socketcall_recv = 10;
}  // namespace i386

struct Arguments {
  long first = 0, second = 0, third = 0, fourth = 0, fifth = 0;
};

long call(long number, const Arguments& a) {
  long result = number;
  asm volatile("int $0x80"
               : "+a"(result)
               : "b"(a.first), "c"(a.second), "d"(a.third), "S"(a.fourth), "D"(a.fifth)
               : "memory", "r8", "r9", "r10", "r11");
  return result;  // i386 results are sign-extended by the kernel
}

// Whether this kernel takes them; found out in a child, which dies of it where it does not.
bool supported() {
  const pid_t child = fork();
  if (child == 0) _exit(call(i386::getpid, {}) > 0 ? 0 : 1);
  int status = 0;
  return waitpid(child, &status, 0) == child && status == 0;
}

// Memory below 4 GiB, which a 32-bit pointer reaches.
class LowMemory {
 public:
  LowMemory()
      : base_(static_cast<char*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0))) {
    require(base_ != MAP_FAILED, "mmap of low memory");
  }
  ~LowMemory() { munmap(base_, bytes); }

  long buffer() const { return reinterpret_cast<long>(base_); }

  // An array of 32-bit words after the buffer; its address.
  template <typename... Words>
  long words(Words... values) const {
    const std::uint32_t array[] = {static_cast<std::uint32_t>(values)...};
    std::memcpy(base_ + bytes / 2, array, sizeof array);
    return buffer() + static_cast<long>(bytes / 2);
  }

 private:
  static constexpr std::size_t bytes = 16384;
  char* base_;
};

struct Exchange {
  std::string_view name;
  Path send_path;
  Path receive_path;
  long (*send)(const LowMemory&, int fd, long size);
  long (*receive)(const LowMemory&, int fd, long room);
  std::optional<std::int64_t> msg_flags{};
};

constexpr Exchange exchanges[] = {
    {"write_read", Path::aio_write, Path::aio_read,
     [](const LowMemory& low, int fd, long size) {
       return call(i386::write, {fd, low.buffer(), size});
     },
     [](const LowMemory& low, int fd, long room) {
       return call(i386::read, {fd, low.buffer(), room});
     }},
    {"writev_readv", Path::writev, Path::readv,
     [](const LowMemory& low, int fd, long size) {
       return call(i386::writev, {fd, low.words(low.buffer(), 50, low.buffer(), size - 50), 2});
     },
     [](const LowMemory& low, int fd, long room) {
       return call(i386::readv, {fd, low.words(low.buffer(), room), 1});
     }},
    {"sendto_recvfrom", Path::sendmsg, Path::recvmsg,
     [](const LowMemory& low, int fd, long size) {
       return call(i386::sendto, {fd, low.buffer(), size});
     },
     [](const LowMemory& low, int fd, long room) {
       return call(i386::recvfrom, {fd, low.buffer(), room});
     }},
    {"socketcall", Path::sendmsg, Path::recvmsg,
     [](const LowMemory& low, int fd, long size) {
       return call(i386::socketcall,
                   {i386::socketcall_send, low.words(fd, low.buffer(), size, MSG_DONTWAIT)});
     },
     [](const LowMemory& low, int fd, long room) {
       return call(i386::socketcall,
                   {i386::socketcall_recv, low.words(fd, low.buffer(), room, MSG_DONTWAIT)});
     },
     MSG_DONTWAIT},
};

void exchange(Workbench& bench, const Exchange& calls) {
  if (!supported()) return bench.recorder().skipped("this kernel takes no i386 calls");
  const LowMemory low;
  const Link link = open_pair(AF_UNIX, SOCK_STREAM, 0, bench.recorder());
  const std::size_t size = bench.next_size();
  const std::size_t room = size + 90;
  attempt(bench.recorder(), link.sender,
          {.name = calls.name,
           .operation = Operation::send,
           .path = calls.send_path,
           .offered = size,
           .expected = static_cast<long>(size),
           .msg_flags = calls.msg_flags},
          [&] { return calls.send(low, link.sender.fd, static_cast<long>(size)); });
  attempt(bench.recorder(), link.receiver,
          {.name = calls.name,
           .operation = Operation::receive,
           .path = calls.receive_path,
           .offered = room,
           .expected = static_cast<long>(size),
           .msg_flags = calls.msg_flags},
          [&] { return calls.receive(low, link.receiver.fd, static_cast<long>(room)); });
  close_link(link, bench.recorder());
}

void life(Workbench& bench) {
  if (!supported()) return bench.recorder().skipped("this kernel takes no i386 calls");
  const long fd = call(i386::socket, {AF_INET, SOCK_DGRAM, 0});
  require(fd >= 0, "i386 socket", fd);
  bench.recorder().created(AF_INET, SOCK_DGRAM, 0);
  const auto closing = bench.recorder().closing(describe_socket(static_cast<int>(fd), unconnected));
  require(call(i386::close, {fd}) == 0, "i386 close");
  bench.recorder().closed(closing);
}

}  // namespace

void add_compat_steps(std::vector<Step>& steps) {
  for (const Exchange& calls : exchanges) {
    steps.push_back(
        {"i386/" + std::string(calls.name), [&](Workbench& bench) { exchange(bench, calls); }});
  }
  steps.push_back({"i386/socket_close", life});
}

}  // namespace socktap::workload

#else

namespace socktap::workload {
void add_compat_steps(std::vector<Step>&) {}
}  // namespace socktap::workload

#endif
