// What the options of stap(1) do with their arguments, and what they refuse.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/stap_options.h"

namespace socktap::cli::stap {

// Each fails with a sentence that begins with the option.
Result<void> script(StapOptions& options, const std::string& text);             // -e
Result<void> additional_script(StapOptions& options, const std::string& text);  // -E
Result<void> list(StapOptions& options, StapOptions::Task task, const std::string& pattern);
Result<void> last_pass(StapOptions& options, const std::string& number);       // -p
Result<void> verbosity(StapOptions& options, const std::string& digits);       // --vp
Result<void> process(StapOptions& options, const std::string& number);         // -x
Result<void> seconds(StapOptions& options, const std::string& number);         // -T
Result<void> buffer_size(StapOptions& options, const std::string& megabytes);  // -s
Result<void> output(StapOptions& options, const std::string& name);            // -o
Result<void> file_limits(StapOptions& options, const std::string& limits);     // -S
Result<void> version(StapOptions& options, const std::string& version);        // --compatible
Result<void> suppress_time_limits(StapOptions& options, const std::string& unused);
Result<void> color(StapOptions& options, const std::string& when);             // --color
Result<void> runtime(StapOptions& options, const std::string& mode);           // --runtime
Result<void> refuse_dyninst(StapOptions& options, const std::string& unused);  // --dyninst
Result<void> refuse_remote(StapOptions& options, const std::string& host);     // --remote

// Of options that do nothing here: only whether SystemTap would take the argument.
Result<void> check_when(StapOptions& options, const std::string& when);              // --color
Result<void> check_privilege(StapOptions& options, const std::string& level);        // --privilege
Result<void> check_resource_limit(StapOptions& options, const std::string& number);  // --rlimit-*
Result<void> check_interval(StapOptions& options, const std::string& seconds);       // --monitor
Result<void> check_yes_or_no(StapOptions& options, const std::string& answer);
Result<void> check_download(StapOptions& options, const std::string& answer);

}  // namespace socktap::cli::stap
