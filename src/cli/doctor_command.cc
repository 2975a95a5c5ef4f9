#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/doctor_report.h"
#include "cli/message.h"
#include "cli/source_choice.h"
#include "plan/plan.h"
#include "sources/ebpf/ebpf_source.h"

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

Diagnosis diagnose(sources::EbpfOptions options) {
  Diagnosis diagnosis;
  diagnosis.host = sources::ebpf::inspect_host();
  options.thorough = true;
  sources::EbpfSource source(std::move(options));
  const auto attached = source.attach(whole_catalogue(), {});
  if (attached) {
    diagnosis.coverage = source.coverage();
  } else {
    diagnosis.refusal = attached.error().message;
    diagnosis.remedy = attached.error().hint;
  }
  source.stop();
  return diagnosis;
}

}  // namespace

int doctor_command(const std::vector<std::string>& arguments) {
  bool json = false;
  SourceChoice choice;
  CLI::App app(
      "Shows what can be seen on this kernel: drives every path itself and counts what it saw.",
      "socktap doctor");
  app.add_flag("--json", json, "as one JSON object");
  add_source_options(app, choice);
  app.footer(
      "\nExample:\n  socktap doctor --json | jq '.paths[] | select(.verdict != \"seen exactly "
      "once\")'");
  if (const auto status = parse_arguments(app, arguments)) return *status;
  auto options = source_options(choice);
  if (!options) {
    print_error(options.error());
    return exit_usage;
  }
  const Diagnosis diagnosis = diagnose(std::move(*options));
  fmt::print("{}", json ? as_json(diagnosis) : as_text(diagnosis));
  const bool nothing = !diagnosis.refusal.empty() || sources::sees_nothing(diagnosis.coverage);
  return nothing ? exit_no_source : exit_done;
}

}  // namespace socktap::cli
