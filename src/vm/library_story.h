// The tests of the library functions as data: stories of calls that share one state, each with
// what it must come to. library_test.cc runs them, and checks that no function goes without.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socktap::vm {

struct StoryValue {
  StoryValue(int value) : number(value) {}                   // NOLINT(google-explicit-constructor)
  StoryValue(std::int64_t value) : number(value) {}          // NOLINT(google-explicit-constructor)
  StoryValue(const char* value) : text(value) {}             // NOLINT(google-explicit-constructor)
  StoryValue(std::string value) : text(std::move(value)) {}  // NOLINT(google-explicit-constructor)

  std::optional<std::int64_t> number;
  std::optional<std::string> text;
};

// What a call comes to: a value, or what its function is called for.
struct Outcome {
  Outcome() = default;
  Outcome(int value) : number(value) {}                   // NOLINT(google-explicit-constructor)
  Outcome(std::int64_t value) : number(value) {}          // NOLINT(google-explicit-constructor)
  Outcome(const char* value) : text(value) {}             // NOLINT(google-explicit-constructor)
  Outcome(std::string value) : text(std::move(value)) {}  // NOLINT(google-explicit-constructor)

  std::int64_t number = 0;
  std::string text;
  std::optional<std::string> error;
  std::string output;    // everything emitted as output
  std::string warnings;  // everything emitted as warnings, a newline after each
};

inline Outcome fails(std::string message) {
  Outcome outcome;
  outcome.error = std::move(message);
  return outcome;
}
inline Outcome prints(std::string text) {
  Outcome outcome;
  outcome.output = std::move(text);
  return outcome;
}
inline Outcome warns(std::string line) {
  Outcome outcome;
  outcome.warnings = std::move(line) + "\n";
  return outcome;
}
inline Outcome nothing() { return {}; }

// When and by which thread a call is made. All stories begin at story_time on the child's thread.
struct Moment {
  std::int64_t later = 0;   // ns after story_time
  std::int64_t thread = 0;  // 0: the child's
};

struct Step {
  std::string_view function;
  std::vector<StoryValue> arguments;
  Outcome outcome;
  Moment moment{};
};
using Story = std::vector<Step>;

// What the events of the stories say.
inline constexpr std::int64_t story_time = 5'123'456'789;                         // monotonic
inline constexpr std::int64_t story_realtime_offset = 1'700'000'000'000'000'000;  // + 5.1 s
inline constexpr std::int64_t story_target = 4711;

// A process with known arguments and environment that waits until it is no longer needed:
//   sh -c 'read x' name '' last       with GREETING=hello=you EMPTY=
class StoryChild {
 public:
  StoryChild();
  ~StoryChild();
  StoryChild(const StoryChild&) = delete;
  StoryChild& operator=(const StoryChild&) = delete;

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int input_ = -1;
};

std::vector<Story> context_stories(pid_t child);
std::vector<Story> time_stories();
std::vector<Story> string_stories();
std::vector<Story> number_stories();
std::vector<Story> socket_stories();
std::vector<Story> output_stories();

}  // namespace socktap::vm
