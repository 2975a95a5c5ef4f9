#include "cli/doctor_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/data_records.h"
#include "sources/coverage_text.h"

namespace socktap::cli {
namespace {

using Json = nlohmann::ordered_json;
using sources::PathCoverage;
using sources::Refusal;
using sources::ebpf::HostReport;
using sources::ebpf::ProgramType;

std::string setting(int value) { return value < 0 ? "unknown" : std::to_string(value); }

std::string_view name_of(CgroupVersion version) {
  constexpr std::string_view names[] = {"none", "v1", "hybrid", "v2"};
  return names[static_cast<std::size_t>(version)];
}

std::string_view text_of(CgroupVersion version) {
  switch (version) {
    case CgroupVersion::none:
      return "none: the variable cgroup is 0";
    case CgroupVersion::v1:
      return "v1 only: the variable cgroup is 0";
    case CgroupVersion::hybrid:
      return "hybrid: the variable cgroup is of v2, controllers may be of v1";
    case CgroupVersion::v2:
      return "v2";
  }
  return "";
}

std::string host_text(const HostReport& host) {
  std::string text = fmt::format("{:<26} {} ({})\n", "kernel", host.kernel, host.machine);
  text += fmt::format("{:<26} {}\n", "types (BTF)", host.btf ? "/sys/kernel/btf/vmlinux" : "none");
  text += fmt::format("{:<26} {}\n", "cgroups", text_of(host.cgroups));
  text += fmt::format(
      "{:<26} lockdown {}, unprivileged_bpf_disabled {}, perf_event_paranoid {}, io_uring_disabled "
      "{}\n",
      "settings", host.lockdown.empty() ? "none" : host.lockdown,
      setting(host.unprivileged_bpf_disabled), setting(host.perf_event_paranoid),
      setting(host.io_uring_disabled));
  for (const ProgramType& type : host.program_types) {
    text += fmt::format("{:<26} {}", type.name, type.works ? "works" : type.reason);
    if (!type.remedy.empty()) text += fmt::format(" ({})", type.remedy);
    text += '\n';
  }
  return text;
}

// Refusals are the same for all paths of one aspect: each is said once.
std::vector<std::string> distinct_refusals(const sources::Coverage& coverage) {
  std::vector<std::string> texts;
  for (const PathCoverage& path : coverage.paths) {
    for (const Refusal& refusal : path.refusals) {
      const std::string text = "not by " + describe(refusal);
      if (std::ranges::find(texts, text) == texts.end()) texts.push_back(text);
    }
  }
  return texts;
}

std::string coverage_text(const sources::Coverage& coverage) {
  std::string text = fmt::format("{:<34} {:<24} {:<26} {:>5} {:>5}\n", "OBSERVED", "STRATEGY",
                                 "VERDICT", "MADE", "SEEN");
  for (const PathCoverage& path : coverage.paths) {
    text += fmt::format("{:<34} {:<24} {:<26} {:>5} {:>5}\n", describe(path),
                        path.strategy.empty() ? "-" : path.strategy, describe(path.verdict),
                        path.driven, path.seen);
    if (path.seen > 0 && !path.missed.empty())
      text += fmt::format("    not seen: {}\n", fmt::join(path.missed, ", "));
  }
  if (const auto refusals = distinct_refusals(coverage); !refusals.empty()) {
    text += "\nBetter strategies that are not used here:\n";
    for (const std::string& refusal : refusals) text += "  " + refusal + "\n";
  }
  if (!coverage.limits.empty()) {
    text += "\nWhat it cannot show:\n";
    for (const std::string& limit : coverage.limits) text += "  - " + limit + "\n";
  }
  return text;
}

std::string finding_text(const Finding& finding, std::string_view source, std::string_view whose) {
  if (finding.refusal.empty())
    return fmt::format("\nBy {}, {}:\n\n{}", source, whose, coverage_text(finding.coverage));
  const std::string refusal =
      fmt::format("\nNothing can be observed by {} here: {}\n", source, finding.refusal);
  return finding.remedy.empty() ? refusal : refusal + fmt::format("hint: {}\n", finding.remedy);
}

Json to_json(const PathCoverage& path) {
  Json refusals = Json::array();
  for (const Refusal& refusal : path.refusals) {
    refusals.push_back(
        {{"strategy", refusal.strategy}, {"reason", refusal.reason}, {"remedy", refusal.remedy}});
  }
  return {{"operation", tapset::name_of(path.operation)},
          {"phase", tapset::name_of(path.phase)},
          {"path", tapset::name_of(path.path)},
          {"strategy", path.strategy},
          {"verdict", sources::describe(path.verdict)},
          {"made", path.driven},
          {"seen", path.seen},
          {"missed", path.missed},
          {"refusals", refusals}};
}

Json to_json(const Finding& finding) {
  Json paths = Json::array();
  for (const PathCoverage& path : finding.coverage.paths) paths.push_back(to_json(path));
  return {{"source", finding.coverage.source},
          {"paths", paths},
          {"limits", finding.coverage.limits},
          {"refusal", finding.refusal},
          {"remedy", finding.remedy}};
}

Json to_json(const HostReport& host) {
  Json types = Json::array();
  for (const ProgramType& type : host.program_types) {
    types.push_back({{"type", type.name},
                     {"works", type.works},
                     {"reason", type.reason},
                     {"remedy", type.remedy}});
  }
  return {{"kernel", host.kernel},
          {"machine", host.machine},
          {"btf", host.btf},
          {"cgroups", name_of(host.cgroups)},
          {"lockdown", host.lockdown},
          {"unprivileged_bpf_disabled", host.unprivileged_bpf_disabled},
          {"perf_event_paranoid", host.perf_event_paranoid},
          {"io_uring_disabled", host.io_uring_disabled},
          {"program_types", types}};
}

void add(std::string_view source, const Finding& finding, DataRecords& records) {
  records.push_back({"source",
                     {{"source", source},
                      {"limits", finding.coverage.limits},
                      {"refusal", finding.refusal},
                      {"remedy", finding.remedy}}});
  for (const PathCoverage& path : finding.coverage.paths) {
    Json data = {{"source", source}};
    data.update(to_json(path));
    records.push_back({"path", std::move(data)});
  }
}

}  // namespace

std::string as_text(const Diagnosis& diagnosis) {
  std::string text = host_text(diagnosis.host);
  if (diagnosis.ebpf) text += finding_text(*diagnosis.ebpf, "eBPF", "of all processes");
  if (diagnosis.ptrace)
    text += finding_text(*diagnosis.ptrace, "ptrace", "of a command (-c) or a process (-x)");
  return text;
}

std::string as_json(const Diagnosis& diagnosis) {
  Json report = to_json(diagnosis.host);
  if (diagnosis.ebpf) report["ebpf"] = to_json(*diagnosis.ebpf);
  if (diagnosis.ptrace) report["ptrace"] = to_json(*diagnosis.ptrace);
  return nlohmann::json(report).dump(2) + "\n";
}

std::string for_machines(const Diagnosis& diagnosis, Format format) {
  constexpr std::string_view columns[] = {"source",  "operation", "phase", "path",   "strategy",
                                          "verdict", "made",      "seen",  "missed", "refusals",
                                          "limits",  "refusal",   "remedy"};
  DataRecords records;
  if (format == Format::json) records.push_back({"host", to_json(diagnosis.host)});
  if (diagnosis.ebpf) add("ebpf", *diagnosis.ebpf, records);
  if (diagnosis.ptrace) add("ptrace", *diagnosis.ptrace, records);
  return for_machines(records, columns, format);
}

}  // namespace socktap::cli
