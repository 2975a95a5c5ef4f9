#include "sources/coverage_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace socktap::sources {
namespace {

// Paths of which there is the same to say.
struct Group {
  Verdict verdict;
  std::string circumstances;
  std::vector<std::string> paths;
};

std::string circumstances(const PathCoverage& path) {
  std::string text = path.strategy.empty() ? "" : " by " + path.strategy;
  for (const Refusal& refusal : path.refusals) text += "; " + describe(refusal);
  return text;
}

std::string sentence(const Group& group) {
  return fmt::format("{} {} {} on this kernel{}", fmt::join(group.paths, ", "),
                     group.paths.size() == 1 ? "is" : "are", describe(group.verdict),
                     group.circumstances);
}

std::vector<std::string> sentences(const Coverage& coverage,
                                   std::initializer_list<Verdict> verdicts) {
  std::vector<Group> groups;
  for (const PathCoverage& path : coverage.paths) {
    if (std::ranges::find(verdicts, path.verdict) == verdicts.end()) continue;
    const Group one{path.verdict, circumstances(path), {}};
    auto group = std::ranges::find_if(groups, [&](const Group& other) {
      return other.verdict == one.verdict && other.circumstances == one.circumstances;
    });
    if (group == groups.end()) group = groups.insert(group, one);
    group->paths.push_back(describe(path));
  }
  std::vector<std::string> texts;
  texts.reserve(groups.size());
  for (const Group& group : groups) texts.push_back(sentence(group));
  return texts;
}

}  // namespace

std::string describe(const PathCoverage& path) {
  std::string text(tapset::name_of(path.operation));
  if (path.path != tapset::Path::none) text.append(" by ").append(tapset::name_of(path.path));
  return text.append(path.phase == tapset::Phase::begin ? " (begin)" : " (conclusion)");
}

std::string describe(const Refusal& refusal) {
  const std::string text = fmt::format("{}: {}", refusal.strategy, refusal.reason);
  return refusal.remedy.empty() ? text : fmt::format("{} ({})", text, refusal.remedy);
}

std::vector<std::string> coverage_warnings(const Coverage& coverage) {
  return sentences(coverage, {Verdict::blind, Verdict::twice});
}

std::vector<std::string> coverage_notes(const Coverage& coverage) {
  return sentences(coverage, {Verdict::exactly_once, Verdict::not_verified});
}

Result<void> check_visibility(const Coverage& coverage) {
  if (!sees_nothing(coverage)) return {};
  return failure("nothing that the script asks for can be observed here",
                 "socktap doctor shows what can be, and what would help");
}

}  // namespace socktap::sources
