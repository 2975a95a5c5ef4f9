#include "sinks/text_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>

#include "base/unique_fd.h"

namespace socktap::sinks {
namespace {

struct Pipe {
  UniqueFd read_end, write_end;
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
  }
  std::string drain() {
    write_end.reset();
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t n; (n = ::read(read_end.get(), buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return text;
  }
};

TEST(TextSink, MessagesFollowTheOutputThatPrecedesThem) {
  Pipe both;
  TextSink sink(both.write_end.get(), both.write_end.get());
  ASSERT_TRUE(sink.write({RecordKind::output, "a\n"}));
  ASSERT_TRUE(sink.write({RecordKind::warning, "careful"}));
  ASSERT_TRUE(sink.write({RecordKind::output, "b\n"}));
  ASSERT_TRUE(sink.write({RecordKind::error, "division by 0"}));
  EXPECT_EQ(both.drain(), "a\nWARNING: careful\nb\nERROR: division by 0\n");
}

TEST(TextSink, OutputWaitsForFlushOrALargePiece) {
  Pipe out;
  TextSink sink(out.write_end.get(), STDERR_FILENO);
  ASSERT_TRUE(sink.write({RecordKind::output, "x"}));
  EXPECT_EQ(sink.bytes_written(), 0u);
  ASSERT_TRUE(sink.flush());
  EXPECT_EQ(sink.bytes_written(), 1u);
  EXPECT_EQ(out.drain(), "x");
}

TEST(TextSink, WritesAllThroughANonBlockingPipe) {
  Pipe out;
  ASSERT_EQ(::fcntl(out.write_end.get(), F_SETFL, O_NONBLOCK), 0);
  const std::string megabyte(1 << 20, 'm');
  std::string received;
  TextSink sink(out.write_end.get(), STDERR_FILENO);
  std::thread reader([&] {
    std::array<char, 4096> buffer{};
    while (received.size() < megabyte.size()) {
      const ssize_t n = ::read(out.read_end.get(), buffer.data(), buffer.size());
      if (n <= 0) break;
      received.append(buffer.data(), static_cast<std::size_t>(n));
    }
  });
  EXPECT_TRUE(sink.write({RecordKind::output, megabyte}));
  EXPECT_TRUE(sink.flush());
  reader.join();
  EXPECT_EQ(received, megabyte);
}

TEST(TextSink, AClosedPipeIsAnErrorWithItsErrno) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe out;
  out.read_end.reset();
  TextSink sink(out.write_end.get(), STDERR_FILENO);
  ASSERT_TRUE(sink.write({RecordKind::output, "x"}));
  const auto flushed = sink.flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, EPIPE);
}

TEST(TextSink, AClosedPipeIsNoticedWithoutOutput) {
  Pipe out;
  TextSink sink(out.write_end.get(), STDERR_FILENO);
  EXPECT_TRUE(sink.flush());
  out.read_end.reset();
  const auto flushed = sink.flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, EPIPE);
}

TEST(TextSink, MessagesArriveThoughTheOutputIsClosed) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe out, messages;
  out.read_end.reset();
  TextSink sink(out.write_end.get(), messages.write_end.get());
  ASSERT_TRUE(sink.write({RecordKind::output, "x"}));
  const auto told = sink.write({RecordKind::error, "division by 0"});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, EPIPE);
  EXPECT_EQ(messages.drain(), "ERROR: division by 0\n");
}

}  // namespace
}  // namespace socktap::sinks
