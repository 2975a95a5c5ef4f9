#include "cli/command.h"
#include "cli/run_options.h"
#include "cli/runner.h"

namespace socktap::cli {

int stap_command(const std::vector<std::string>& arguments) {
  if (!arguments.empty() && (arguments[0] == "-l" || arguments[0] == "-L"))
    return list_command(arguments);
  ParsedRun parsed = parse_run(arguments);
  if (!parsed.exit_status) {
    parsed.options.all = true;
    parsed.options.status_lines = false;
    parsed.exit_status = run_script(parsed.options);
  }
  const int status = *parsed.exit_status;
  return status == exit_done || status == exit_interrupted ? status : exit_script_failed;
}

}  // namespace socktap::cli
