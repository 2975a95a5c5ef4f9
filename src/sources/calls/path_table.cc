#include "sources/calls/path_table.h"

#include "event/wire.h"

namespace socktap::sources {
namespace {

using tapset::Operation;
using tapset::Path;

struct Paths {
  Path send = Path::none;
  Path receive = Path::none;
};

Paths paths_of_call(socktap_call call) {
  switch (call) {
    case SOCKTAP_CALL_SEND:
    case SOCKTAP_CALL_SENDTO:
    case SOCKTAP_CALL_SENDMSG:
    case SOCKTAP_CALL_SENDMMSG:
      return {.send = Path::sendmsg};
    case SOCKTAP_CALL_SENDFILE:
    case SOCKTAP_CALL_SPLICE:  // either end of it may be a socket
      return {.send = Path::sendmsg, .receive = Path::readv};
    case SOCKTAP_CALL_WRITE:
      return {.send = Path::aio_write};
    case SOCKTAP_CALL_WRITEV:
    case SOCKTAP_CALL_PWRITEV2:
      return {.send = Path::writev};
    case SOCKTAP_CALL_RECV:
    case SOCKTAP_CALL_RECVFROM:
    case SOCKTAP_CALL_RECVMSG:
    case SOCKTAP_CALL_RECVMMSG:
      return {.receive = Path::recvmsg};
    case SOCKTAP_CALL_READ:
      return {.receive = Path::aio_read};
    case SOCKTAP_CALL_READV:
    case SOCKTAP_CALL_PREADV2:
      return {.receive = Path::readv};
    case SOCKTAP_CALL_IO_SUBMIT:
      return {.send = Path::aio_write, .receive = Path::aio_read};
    default:
      return {};
  }
}

// The numbers are the kernel's interface; headers older than the kernel lack the later names.
Paths paths_of_opcode(unsigned opcode) {
  switch (opcode) {
    case 1:   // READV
    case 4:   // READ_FIXED
    case 22:  // READ
    case 49:  // READ_MULTISHOT
    case 60:  // READV_FIXED
      return {.receive = Path::aio_read};
    case 2:   // WRITEV
    case 5:   // WRITE_FIXED
    case 23:  // WRITE
    case 61:  // WRITEV_FIXED
      return {.send = Path::aio_write};
    case 9:   // SENDMSG
    case 26:  // SEND
    case 47:  // SEND_ZC
    case 48:  // SENDMSG_ZC
      return {.send = Path::sendmsg};
    case 10:  // RECVMSG
    case 27:  // RECV
    case 58:  // RECV_ZC
      return {.receive = Path::recvmsg};
    case 30:  // SPLICE
      return {.send = Path::sendmsg, .receive = Path::readv};
    default:
      return {};
  }
}

Path of_direction(Paths paths, Operation direction) {
  return direction == Operation::send ? paths.send : paths.receive;
}

static_assert(SOCKTAP_CALLS <= SOCKTAP_CALL_KINDS);
static_assert(SOCKTAP_PATH_READV == static_cast<int>(Path::readv));

}  // namespace

Path path_of_call(socktap_call call, Operation direction) {
  return of_direction(paths_of_call(call), direction);
}

Path path_of_opcode(unsigned opcode, Operation direction) {
  return of_direction(paths_of_opcode(opcode), direction);
}

unsigned flags_argument_of(socktap_call call) {
  switch (call) {
    case SOCKTAP_CALL_SENDMSG:
    case SOCKTAP_CALL_RECVMSG:
      return 3;
    case SOCKTAP_CALL_SEND:
    case SOCKTAP_CALL_SENDTO:
    case SOCKTAP_CALL_SENDMMSG:
    case SOCKTAP_CALL_RECV:
    case SOCKTAP_CALL_RECVFROM:
    case SOCKTAP_CALL_RECVMMSG:
      return 4;
    default:
      return 0;
  }
}

}  // namespace socktap::sources
