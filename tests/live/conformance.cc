#include "conformance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

#include "comparison.h"
#include "sources/ebpf/program_types.h"
#include "workload/marks.h"

namespace socktap::test {
namespace {

std::vector<Happening> of(const std::vector<Happening>& all, tapset::Operation operation,
                          tapset::Phase phase) {
  std::vector<Happening> chosen;
  for (const Happening& happening : all) {
    if (happening.operation == operation && happening.phase == phase) chosen.push_back(happening);
  }
  return chosen;
}

}  // namespace

void expect_exactly_once(const Conformance& run, tapset::Operation operation, tapset::Phase phase) {
  const auto promised = of(run.promised, operation, phase);
  ASSERT_FALSE(promised.empty());
  const Comparison comparison = compare(promised, of(run.observed, operation, phase));
  EXPECT_TRUE(comparison.findings.empty()) << describe(comparison);
  const auto required = std::ranges::count_if(
      promised, [](const Happening& promise) { return promise.mark.empty(); });
  EXPECT_GE(comparison.matched + comparison.findings.size(), static_cast<std::size_t>(required));
  testing::Test::RecordProperty("fulfilled", std::to_string(comparison.matched));
  std::map<Difference, int> differences;
  for (const Finding& finding : comparison.findings) ++differences[finding.difference];
  for (const auto& [difference, count] : differences) {
    std::string name(name_of(difference));
    std::ranges::replace(name, ' ', '_');
    testing::Test::RecordProperty("differences." + name, count);
  }
  for (const MarkCount& count : comparison.marks) {
    testing::Test::RecordProperty(count.mark, std::to_string(count.observed) + " of " +
                                                  std::to_string(count.promised) + " seen");
  }
}

void expect_beginnings_first(const Conformance& run) {
  std::string text;
  for (const Finding& finding : compare(run.promised, run.observed).findings) {
    if (finding.difference == Difference::out_of_order) text += finding.text + "\n";
  }
  EXPECT_EQ(text, "");
}

void expect_only_known_marks(const Conformance& run) {
  namespace mark = workload::mark;
  const std::set<std::string_view> known{
      mark::splice_out_of_stream, mark::uring_begin,     mark::aio_begin,
      mark::batch_begin,          mark::close_otherwise, mark::short_batch_end,
      mark::unreadable_at_entry};
  for (const Happening& promise : run.promised) {
    EXPECT_TRUE(promise.mark.empty() || known.contains(promise.mark)) << promise.mark;
  }
}

bool is_of_ptrace() {
  if (const char* backend = std::getenv("SOCKTAP_TEST_BACKEND"))
    return std::string_view(backend) == "ptrace";
  static const bool is_refused = !sources::ebpf::refusal_of_programs().empty();
  return is_refused;
}

void leave_out_leak_search() {
  static bool is_left_out = false;
  if (std::exchange(is_left_out, true)) return;
  const char* given = std::getenv("ASAN_OPTIONS");
  const std::string options = (given ? std::string(given) + ":" : "") + "detect_leaks=0";
  ::setenv("ASAN_OPTIONS", options.c_str(), 1);
}

std::vector<std::string> workload_command(const std::string& truth_file) {
  const char* elsewhere = std::getenv("SOCKTAP_TEST_WORKLOAD");  // where no build folder is
  std::vector<std::string> words{elsewhere ? elsewhere : SOCKTAP_WORKLOAD, "--truth", truth_file};
  if (const char* only = std::getenv("SOCKTAP_TEST_ONLY")) {
    words.insert(words.end(), {"--only", only});
  }
  if (is_of_ptrace()) {
    words.emplace_back("--calls-only");
    leave_out_leak_search();
  }
  return words;
}

}  // namespace socktap::test
