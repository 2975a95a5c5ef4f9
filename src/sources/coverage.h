// What a source sees on the running kernel and how it knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tapset/catalogue.h"

namespace socktap::sources {

enum class Verdict : std::uint8_t {
  exactly_once,  // driven, and seen once each time
  twice,         // driven, and seen more than once
  blind,         // driven and not seen, or no strategy at all
  not_verified,  // a strategy is attached but could not be driven here
  not_needed,    // the script does not ask for it
};
std::string_view describe(Verdict verdict);  // "seen exactly once", "counted twice", ...

// A better strategy that was not used, and what it would take.
struct Refusal {
  std::string strategy;
  std::string reason;  // "fentry programs are refused: Operation not permitted"
  std::string remedy;  // the capability, sysctl or policy that would help; may be empty
};

// One thing to be observed: an operation's begin or conclusion on one path.
struct PathCoverage {
  tapset::Operation operation;
  tapset::Phase phase;
  tapset::Path path;
  std::string strategy;  // the chosen one's name; empty if there is none
  Verdict verdict = Verdict::not_needed;
  std::uint64_t driven = 0;  // operations the calibration made
  std::uint64_t seen = 0;    // events that came of them
  std::vector<Refusal> refusals;
  std::vector<std::string> missed;  // of those that none came of: "recvmsg on TCP over IPv6"
};

struct Coverage {
  std::string source;  // "raw tracepoints"
  std::vector<PathCoverage> paths;
  // What of the events that were asked for cannot be seen here, or not told apart: one sentence
  // each.
  std::vector<std::string> limits;
  // What of the script the kernel refused, and why, so that it runs in user space instead: one
  // sentence each.
  std::vector<std::string> refusals;
};

// Of the paths that the script needs.
std::size_t count_of(const Coverage& coverage, Verdict verdict);
bool sees_nothing(const Coverage& coverage);  // something is needed, and all of it is blind

}  // namespace socktap::sources
