#include "cli/arguments.h"

#include <sys/types.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "base/proc.h"
#include "cli/command.h"
#include "cli/message.h"

namespace socktap::cli {

std::optional<int> parse_arguments(CLI::App& app, std::vector<std::string> arguments) {
  std::ranges::reverse(arguments);  // CLI11 takes them from the back
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& mistake) {
    return refuse_arguments(app, mistake.what());
  }
  return std::nullopt;
}

std::vector<std::string> take_command(std::vector<std::string>& arguments) {
  const auto dashes = std::ranges::find(arguments, "--");
  if (dashes == arguments.end()) return {};
  std::vector<std::string> command(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  return command;
}

int refuse_arguments(const CLI::App& app, const std::string& mistake) {
  print_error({mistake, app.get_name() + " --help lists what there is"});
  return exit_usage;
}

CLI::Validator duration() {
  constexpr double longest = 1e9;
  const auto check = [](const std::string& text) {
    double seconds = -1;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool number = code == std::errc() && end == text.data() + text.size();
    if (number && seconds >= 0 && seconds <= longest) return std::string();
    return text + " is no number of seconds";
  };
  return CLI::Validator(check, "");
}

CLI::Validator process_number() {
  const auto check = [](const std::string& text) {
    pid_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size() || number <= 0)
      return text + " is no process number";
    const std::optional<TaskStatus> status = proc_status(number);
    if (!status) return "there is no process " + text;
    if (status->process != number)
      return text + " is a thread of the process " + std::to_string(status->process);
    return std::string();
  };
  return CLI::Validator(check, "");
}

}  // namespace socktap::cli
