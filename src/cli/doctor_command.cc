#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/doctor_report.h"
#include "cli/message.h"
#include "cli/source_choice.h"
#include "plan/plan.h"
#include "sources/ebpf/ebpf_source.h"
#include "sources/ptrace/self_check.h"

namespace socktap::cli {
namespace {

// A plan that needs everything the catalogue offers.
plan::Plan whole_catalogue() {
  plan::Plan plan;
  for (const tapset::ProbePoint& point : tapset::probe_points()) plan.points.push_back(&point);
  for (int field = 0; field < tapset::field_count; ++field) {
    plan.fields.insert(static_cast<tapset::Field>(field));
  }
  return plan;
}

Finding refused(const Error& error) { return {.refusal = error.message, .remedy = error.hint}; }

Finding look_by_ebpf(sources::EbpfOptions options) {
  options.thorough = true;
  sources::EbpfSource source(std::move(options));
  const auto attached = source.attach(whole_catalogue(), {});
  if (!attached) return refused(attached.error());
  Finding finding{.coverage = source.coverage()};
  source.stop();
  return finding;
}

Finding look_by_ptrace() {
  auto coverage = sources::check_ptrace(whole_catalogue());
  if (!coverage) return refused(coverage.error());
  return {.coverage = std::move(*coverage)};
}

// Both, or the one that was chosen.
Diagnosis diagnose(const std::string& backend, sources::EbpfOptions options) {
  Diagnosis diagnosis{.host = sources::ebpf::inspect_host()};
  if (backend != "ptrace") diagnosis.ebpf = look_by_ebpf(std::move(options));
  if (backend == "ptrace" || backend == "auto") diagnosis.ptrace = look_by_ptrace();
  return diagnosis;
}

bool shows_something(const std::optional<Finding>& finding) {
  return finding && finding->shows_something();
}

struct DoctorLine : CommandLine {
  DoctorLine();
  bool json = false;
  Format format = Format::text;
  SourceChoice choice;
};

DoctorLine::DoctorLine()
    : CommandLine("doctor",
                  "Shows what can be seen on this kernel: drives every path itself and counts what "
                  "it saw.") {
  app.add_flag("--json", json, "as one JSON object");
  add_format_option(app, format);
  add_source_options(app, choice);
  app.footer("\nExamples:\n  socktap doctor\n  socktap doctor --json\n  socktap doctor -f csv");
}

std::string in_format(const Diagnosis& diagnosis, const DoctorLine& line) {
  if (line.json) return as_json(diagnosis);
  return line.format == Format::text ? as_text(diagnosis) : for_machines(diagnosis, line.format);
}

}  // namespace

std::unique_ptr<CommandLine> doctor_line() { return std::make_unique<DoctorLine>(); }

int doctor_command(const std::vector<std::string>& arguments) {
  DoctorLine line;
  if (const auto status = parse_arguments(line.app, arguments)) return *status;
  if (line.json && line.format != Format::text)
    return refuse_arguments(line.app, "--json and -f exclude each other");
  auto options = session::ebpf_options(line.choice);
  if (!options) {
    print_error(options.error());
    return exit_usage;
  }
  const Diagnosis diagnosis = diagnose(line.choice.backend, std::move(*options));
  fmt::print("{}", in_format(diagnosis, line));
  const bool something = shows_something(diagnosis.ebpf) || shows_something(diagnosis.ptrace);
  return something ? exit_done : exit_no_source;
}

}  // namespace socktap::cli
