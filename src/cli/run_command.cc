#include "cli/command.h"
#include "cli/run_options.h"
#include "cli/runner.h"

namespace socktap::cli {

int run_command(const std::vector<std::string>& arguments) {
  const ParsedRun parsed = parse_run(arguments);
  return parsed.exit_status ? *parsed.exit_status : run_or_stop(parsed.options);
}

}  // namespace socktap::cli
