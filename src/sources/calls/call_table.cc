#include "sources/calls/call_table.h"

#include <sys/syscall.h>

#include <span>

namespace socktap::sources {
namespace {

struct CallNumber {
  int number;
  socktap_call call;
};

constexpr CallTable table_of(std::span<const CallNumber> rows) {
  CallTable table{};
  for (const CallNumber& row : rows) table[static_cast<std::size_t>(row.number)] = row.call;
  return table;
}

constexpr CallNumber native_rows[] = {
    {SYS_sendto, SOCKTAP_CALL_SENDTO},
    {SYS_sendmsg, SOCKTAP_CALL_SENDMSG},
    {SYS_sendmmsg, SOCKTAP_CALL_SENDMMSG},
    {SYS_write, SOCKTAP_CALL_WRITE},
    {SYS_writev, SOCKTAP_CALL_WRITEV},
    {SYS_pwritev2, SOCKTAP_CALL_PWRITEV2},
    {SYS_sendfile, SOCKTAP_CALL_SENDFILE},
    {SYS_splice, SOCKTAP_CALL_SPLICE},
    {SYS_recvfrom, SOCKTAP_CALL_RECVFROM},
    {SYS_recvmsg, SOCKTAP_CALL_RECVMSG},
    {SYS_recvmmsg, SOCKTAP_CALL_RECVMMSG},
    {SYS_read, SOCKTAP_CALL_READ},
    {SYS_readv, SOCKTAP_CALL_READV},
    {SYS_preadv2, SOCKTAP_CALL_PREADV2},
    {SYS_io_submit, SOCKTAP_CALL_IO_SUBMIT},
    {SYS_io_uring_enter, SOCKTAP_CALL_IO_URING_ENTER},
    {SYS_socket, SOCKTAP_CALL_SOCKET},
    {SYS_socketpair, SOCKTAP_CALL_SOCKETPAIR},
    {SYS_close, SOCKTAP_CALL_CLOSE},
    {436, SOCKTAP_CALL_CLOSE_RANGE},  // one number on every architecture; old headers lack it
#ifdef SYS_dup2
    {SYS_dup2, SOCKTAP_CALL_DUP2},
#endif
    {SYS_dup3, SOCKTAP_CALL_DUP3},
    {SYS_execve, SOCKTAP_CALL_EXECVE},
    {SYS_execveat, SOCKTAP_CALL_EXECVEAT},
    {SYS_connect, SOCKTAP_CALL_CONNECT},
};

#if defined(__x86_64__)
constexpr CallNumber compat_rows[] = {
    // i386
    {369, SOCKTAP_CALL_SENDTO},      {370, SOCKTAP_CALL_SENDMSG},
    {345, SOCKTAP_CALL_SENDMMSG},    {4, SOCKTAP_CALL_WRITE},
    {146, SOCKTAP_CALL_WRITEV},      {379, SOCKTAP_CALL_PWRITEV2},
    {187, SOCKTAP_CALL_SENDFILE},    {239, SOCKTAP_CALL_SENDFILE},  // sendfile64
    {313, SOCKTAP_CALL_SPLICE},      {371, SOCKTAP_CALL_RECVFROM},
    {372, SOCKTAP_CALL_RECVMSG},     {337, SOCKTAP_CALL_RECVMMSG},
    {417, SOCKTAP_CALL_RECVMMSG},    {3, SOCKTAP_CALL_READ},
    {145, SOCKTAP_CALL_READV},       {378, SOCKTAP_CALL_PREADV2},
    {248, SOCKTAP_CALL_IO_SUBMIT},   {426, SOCKTAP_CALL_IO_URING_ENTER},
    {102, SOCKTAP_CALL_SOCKETCALL},  {359, SOCKTAP_CALL_SOCKET},
    {360, SOCKTAP_CALL_SOCKETPAIR},  {6, SOCKTAP_CALL_CLOSE},
    {436, SOCKTAP_CALL_CLOSE_RANGE}, {63, SOCKTAP_CALL_DUP2},
    {330, SOCKTAP_CALL_DUP3},        {11, SOCKTAP_CALL_EXECVE},
    {358, SOCKTAP_CALL_EXECVEAT},    {362, SOCKTAP_CALL_CONNECT},
};
#elif defined(__aarch64__)
constexpr CallNumber compat_rows[] = {
    // 32-bit arm
    {290, SOCKTAP_CALL_SENDTO},    {296, SOCKTAP_CALL_SENDMSG},
    {374, SOCKTAP_CALL_SENDMMSG},  {4, SOCKTAP_CALL_WRITE},
    {146, SOCKTAP_CALL_WRITEV},    {393, SOCKTAP_CALL_PWRITEV2},
    {187, SOCKTAP_CALL_SENDFILE},  {239, SOCKTAP_CALL_SENDFILE},  // sendfile64
    {340, SOCKTAP_CALL_SPLICE},    {292, SOCKTAP_CALL_RECVFROM},
    {297, SOCKTAP_CALL_RECVMSG},   {365, SOCKTAP_CALL_RECVMMSG},
    {417, SOCKTAP_CALL_RECVMMSG},  {3, SOCKTAP_CALL_READ},
    {145, SOCKTAP_CALL_READV},     {392, SOCKTAP_CALL_PREADV2},
    {246, SOCKTAP_CALL_IO_SUBMIT}, {426, SOCKTAP_CALL_IO_URING_ENTER},
    {289, SOCKTAP_CALL_SEND},      {291, SOCKTAP_CALL_RECV},
    {281, SOCKTAP_CALL_SOCKET},    {288, SOCKTAP_CALL_SOCKETPAIR},
    {6, SOCKTAP_CALL_CLOSE},       {436, SOCKTAP_CALL_CLOSE_RANGE},
    {63, SOCKTAP_CALL_DUP2},       {358, SOCKTAP_CALL_DUP3},
    {11, SOCKTAP_CALL_EXECVE},     {387, SOCKTAP_CALL_EXECVEAT},
    {283, SOCKTAP_CALL_CONNECT},
};
#endif

constexpr CallTable native_table = table_of(native_rows);
#if defined(__x86_64__) || defined(__aarch64__)
constexpr CallTable compat_table = table_of(compat_rows);
#else
constexpr CallTable compat_table{};
#endif

}  // namespace

const CallTable& native_calls() { return native_table; }
const CallTable& compat_calls() { return compat_table; }

}  // namespace socktap::sources
