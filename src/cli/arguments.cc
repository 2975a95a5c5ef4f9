#include "cli/arguments.h"

#include <sys/types.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/proc.h"
#include "cli/command.h"
#include "cli/message.h"

namespace socktap::cli {
namespace {

// CLI11's help, with values named as the options name them.
class Help : public CLI::Formatter {
 public:
  explicit Help(const CommandLine& line) : line_(line) { label("Positionals", "Arguments"); }

  std::string make_usage(const CLI::App*, std::string name) const override {
    std::string text = "Usage: " + name + " [OPTIONS]";
    for (const CLI::Option* option : line_.app.get_options())
      if (option->get_positional()) text += " [" + value_name(*option) + "]";
    return text + (line_.takes_command ? " [-- CMD ARGS]\n" : "\n");
  }
  std::string make_option_name(const CLI::Option* option, bool is_operand) const override {
    return is_operand ? value_name(*option) : Formatter::make_option_name(option, false);
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string value = value_name(*option);
    return value.empty() || option->get_positional() ? "" : " " + value;
  }

 private:
  const CommandLine& line_;
};

std::optional<double> number_in(const std::string& text) {
  double number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size() || std::isnan(number))
    return std::nullopt;
  return number;
}

}  // namespace

CommandLine::CommandLine(std::string_view name, std::string description)
    : app(std::move(description), "socktap " + std::string(name)) {
  app.formatter(std::make_shared<Help>(*this));
  app.get_help_ptr()->description("print this");
}

std::string value_name(const CLI::Option& option) {
  if (option.get_type_size() == 0) return "";
  const std::string name = option.get_type_name();  // checks that describe themselves follow it
  return name.substr(0, name.find(':'));
}

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

CLI::Validator number_of_at_least(double least, double most) {
  const auto check = [least, most](const std::string& text) -> std::string {
    const auto number = number_in(text);
    if (!number) return text + " is no number";
    if (*number < least) return fmt::format("must be at least {}, not {}", least, text);
    if (*number > most) return fmt::format("must be at most {}, not {}", most, text);
    return "";
  };
  return CLI::Validator(check, "");
}

CLI::Validator positive_number(double most) {
  const auto check = [most](const std::string& text) -> std::string {
    const auto number = number_in(text);
    if (number && *number <= 0) return "must be more than 0, not " + text;
    return number_of_at_least(0, most)(text);
  };
  return CLI::Validator(check, "");
}

CLI::Validator duration() {
  constexpr double longest = 1e9;
  const auto check = [](const std::string& text) {
    const auto seconds = number_in(text);
    if (seconds && *seconds >= 0 && *seconds <= longest) return std::string();
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
