#include "sources/calls/path_table.h"

#include <gtest/gtest.h>
#include <linux/io_uring.h>

namespace socktap::sources {
namespace {

using tapset::Operation;
using tapset::Path;

TEST(PathTable, CallsAsTheContractSortsThem) {
  struct Row {
    socktap_call call;
    Path send, receive;
  };
  constexpr Row rows[] = {
      {SOCKTAP_CALL_SENDTO, Path::sendmsg, Path::none},
      {SOCKTAP_CALL_SENDMMSG, Path::sendmsg, Path::none},
      {SOCKTAP_CALL_WRITE, Path::aio_write, Path::none},
      {SOCKTAP_CALL_WRITEV, Path::writev, Path::none},
      {SOCKTAP_CALL_PWRITEV2, Path::writev, Path::none},
      {SOCKTAP_CALL_SENDFILE, Path::sendmsg, Path::readv},
      {SOCKTAP_CALL_SPLICE, Path::sendmsg, Path::readv},
      {SOCKTAP_CALL_RECVFROM, Path::none, Path::recvmsg},
      {SOCKTAP_CALL_READ, Path::none, Path::aio_read},
      {SOCKTAP_CALL_PREADV2, Path::none, Path::readv},
      {SOCKTAP_CALL_IO_SUBMIT, Path::aio_write, Path::aio_read},
      {SOCKTAP_CALL_IO_URING_ENTER, Path::none, Path::none},
      {SOCKTAP_CALL_CLOSE, Path::none, Path::none},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(path_of_call(row.call, Operation::send), row.send) << row.call;
    EXPECT_EQ(path_of_call(row.call, Operation::receive), row.receive) << row.call;
  }
}

TEST(PathTable, OpcodesAsTheContractSortsThem) {
  EXPECT_EQ(path_of_opcode(IORING_OP_SEND, Operation::send), Path::sendmsg);
  EXPECT_EQ(path_of_opcode(IORING_OP_SENDMSG, Operation::send), Path::sendmsg);
  EXPECT_EQ(path_of_opcode(IORING_OP_WRITE, Operation::send), Path::aio_write);
  EXPECT_EQ(path_of_opcode(IORING_OP_WRITEV, Operation::send), Path::aio_write);
  EXPECT_EQ(path_of_opcode(IORING_OP_WRITE_FIXED, Operation::send), Path::aio_write);
  EXPECT_EQ(path_of_opcode(IORING_OP_RECV, Operation::receive), Path::recvmsg);
  EXPECT_EQ(path_of_opcode(IORING_OP_RECVMSG, Operation::receive), Path::recvmsg);
  EXPECT_EQ(path_of_opcode(IORING_OP_READ, Operation::receive), Path::aio_read);
  EXPECT_EQ(path_of_opcode(IORING_OP_READV, Operation::receive), Path::aio_read);
  EXPECT_EQ(path_of_opcode(IORING_OP_SPLICE, Operation::send), Path::sendmsg);
  EXPECT_EQ(path_of_opcode(IORING_OP_RECV, Operation::send), Path::none);
  EXPECT_EQ(path_of_opcode(IORING_OP_NOP, Operation::send), Path::none);
  EXPECT_EQ(path_of_opcode(250, Operation::send), Path::none);
}

TEST(PathTable, FlagsAreWhereTheCallHasThem) {
  EXPECT_EQ(flags_argument_of(SOCKTAP_CALL_SENDMSG), 3u);
  EXPECT_EQ(flags_argument_of(SOCKTAP_CALL_RECVMMSG), 4u);
  EXPECT_EQ(flags_argument_of(SOCKTAP_CALL_WRITEV), 0u);
}

}  // namespace
}  // namespace socktap::sources
