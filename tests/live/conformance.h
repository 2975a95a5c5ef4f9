// One observed run of the conformance workload, and what is demanded of it.
#pragma once

#include <string>
#include <vector>

#include "tapset/catalogue.h"
#include "truth.h"

namespace socktap::test {

struct Conformance {
  std::string refusal;  // why nothing could be observed; empty if it could
  int status = -1;      // of the workload, as an exit status
  std::vector<Happening> promised;
  std::vector<Happening> observed;
};

// Fails the running test with a readable text where something differs.
void expect_exactly_once(const Conformance& run, tapset::Operation operation, tapset::Phase phase);
void expect_beginnings_first(const Conformance& run);
void expect_only_known_marks(const Conformance& run);  // what may be blind is a closed list

// That ptrace is tested: the environment's SOCKTAP_TEST_BACKEND names it, as --backend would, or
// names nothing where eBPF is refused.
bool is_of_ptrace();

// For programs that are started from here on and traced by ptrace, under which a sanitizer's search
// for leaks does not work.
void leave_out_leak_search();

// The words that run the workload; SOCKTAP_TEST_ONLY in the environment limits it to some steps.
std::vector<std::string> workload_command(const std::string& truth_file);

}  // namespace socktap::test
