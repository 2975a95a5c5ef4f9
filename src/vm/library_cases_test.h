// The tests of the library functions as data: cases of calls that share one state, each with
// what it must come to. library_test.cc runs them, and checks that no function goes without.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socktap::vm {

struct CaseValue {
  CaseValue(int value) : number(value) {}                   // NOLINT(google-explicit-constructor)
  CaseValue(std::int64_t value) : number(value) {}          // NOLINT(google-explicit-constructor)
  CaseValue(const char* value) : text(value) {}             // NOLINT(google-explicit-constructor)
  CaseValue(std::string value) : text(std::move(value)) {}  // NOLINT(google-explicit-constructor)

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

// When and by which thread a call is made. All cases begin at case_time on the child's thread.
struct Moment {
  std::int64_t later = 0;   // ns after case_time
  std::int64_t thread = 0;  // 0: the child's
};

struct Step {
  std::string_view function;
  std::vector<CaseValue> arguments;
  Outcome outcome;
  Moment moment{};
};
using Case = std::vector<Step>;

// What the events of the cases say.
inline constexpr std::int64_t case_time = 5'123'456'789;                         // monotonic
inline constexpr std::int64_t case_realtime_offset = 1'700'000'000'000'000'000;  // + 5.1 s
inline constexpr std::int64_t case_target = 4711;

// A process with known arguments and environment that waits until it is no longer needed:
//   sh -c 'read x' name '' last       with GREETING=hello=you EMPTY=
class CaseChild {
 public:
  CaseChild();
  ~CaseChild();
  CaseChild(const CaseChild&) = delete;
  CaseChild& operator=(const CaseChild&) = delete;

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int input_ = -1;
};

std::vector<Case> context_cases(pid_t child);
std::vector<Case> time_cases();
std::vector<Case> string_cases();
std::vector<Case> number_cases();
std::vector<Case> socket_cases();
std::vector<Case> output_cases();

}  // namespace socktap::vm
