#include "cli/stap_options.h"

#include <fmt/format.h>
#include <getopt.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/stap_option_table.h"

namespace socktap::cli {
namespace {

using Task = StapOptions::Task;

// getopt_long(3), not CLI11: it is what SystemTap parses with, so joined letters, shortened names,
// "--", POSIXLY_CORRECT and options after the script are the same by construction.
class OptionForms {
 public:
  OptionForms() {
    for (const StapOption& row : stap_options()) {
      const int value = first_value + static_cast<int>(&row - stap_options().data());
      if (row.letter != 0) letters_.append(1, row.letter).append(colons(row.argument));
      if (*row.name != '\0')
        names_.push_back({row.name, static_cast<int>(row.argument), nullptr, value});
    }
    names_.push_back({});
  }

  // The next option; nullptr at their end, or at one that is none (getopt has said what is wrong).
  const StapOption* next(std::vector<char*>& words, bool& mistaken) const {
    const int count = static_cast<int>(words.size()) - 1;  // a null pointer ends them
    const int value = ::getopt_long(count, words.data(), letters_.c_str(), names_.data(), nullptr);
    mistaken = value == '?';
    if (value == -1 || mistaken) return nullptr;
    if (value >= first_value) return &stap_options()[static_cast<std::size_t>(value - first_value)];
    return &*std::ranges::find(stap_options(), value, &StapOption::letter);
  }

 private:
  static constexpr int first_value = 256;  // above all letters
  static_assert(static_cast<int>(StapOption::Argument::none) == no_argument &&
                static_cast<int>(StapOption::Argument::required) == required_argument &&
                static_cast<int>(StapOption::Argument::optional) == optional_argument);

  static const char* colons(StapOption::Argument argument) {
    constexpr const char* forms[] = {"", ":", "::"};
    return forms[static_cast<int>(argument)];
  }

  std::string letters_;
  std::vector<option> names_;
};

int refuse(const Error& mistake) {
  print_error(
      {mistake.message, mistake.hint.empty() ? "stap --help lists what there is" : mistake.hint});
  return exit_script_failed;
}

bool ends_at_once(Task task) {
  return task == Task::help || task == Task::version || task == Task::nothing;
}

// Takes the options; their order among the other words does not matter, and those come back.
tl::expected<std::vector<std::string>, int> take_options(const std::vector<std::string>& given,
                                                         StapOptions& options) {
  std::vector<std::string> texts = given;
  texts.insert(texts.begin(), "stap");
  std::vector<char*> words;
  words.reserve(texts.size() + 1);
  for (std::string& text : texts) words.push_back(text.data());
  words.push_back(nullptr);

  const OptionForms forms;
  bool mistaken = false;
  ::optind = 0;  // glibc: forget the last command line
  while (const StapOption* row = forms.next(words, mistaken)) {
    const auto taken = take(*row, options, ::optarg != nullptr ? ::optarg : "");
    if (!taken) return tl::unexpected(refuse(taken.error()));
    if (ends_at_once(options.task)) return {};
  }
  if (mistaken) {
    fmt::print(stderr, "hint: stap --help lists what there is\n");
    return tl::unexpected<int>(exit_script_failed);
  }
  return std::vector<std::string>(words.begin() + ::optind, words.end() - 1);
}

}  // namespace

Result<void> check_together(const StapOptions& options) {
  const bool lists = options.task != Task::run;
  if (options.run.command && options.run.pid) return failure("-c and -x exclude each other");
  if (lists && options.run.script.text)
    return failure("-l, -L and --dump-* take no script", "-E adds one");
  if (lists && options.run.last_pass) return failure("-p and -l, -L, --dump-* exclude each other");
  if (options.no_time_limits && !options.run.script.guru)
    return failure("--suppress-time-limits needs -g");
  return {};
}

ParsedStap parse_stap(const std::vector<std::string>& words) {
  ParsedStap parsed;
  StapOptions& options = parsed.options;
  auto rest = take_options(words, options);
  if (!rest) {
    parsed.exit_status = rest.error();
    return parsed;
  }
  options.run.script.words = std::move(*rest);
  if (ends_at_once(options.task)) return parsed;
  if (const auto together = check_together(options); !together)
    parsed.exit_status = refuse(together.error());
  return parsed;
}

std::string stap_help() {
  std::string text =
      "usage: stap [OPTIONS] FILE [ARGUMENTS]        (- is standard input)\n"
      "       stap [OPTIONS] -e SCRIPT [ARGUMENTS]\n"
      "       stap [OPTIONS] -l PATTERN | -L PATTERN\n"
      "socktap under SystemTap's name: all options of stap(1) 4.8, what is not needed is "
      "accepted.\n";
  const auto add = [&](const StapOption& row) {
    std::string form = row.letter != 0 ? fmt::format("-{}", row.letter) : "";
    if (*row.name != '\0') form += fmt::format("{}--{}", form.empty() ? "" : " ", row.name);
    const bool optional = row.argument == StapOption::Argument::optional;
    if (!row.value.empty())
      form += optional ? fmt::format("[={}]", row.value) : fmt::format(" {}", row.value);
    text += fmt::format("  {:30} {}\n", form, row.text);
  };
  for (const StapOption& row : stap_options())
    if (row.effect != StapOption::Effect::nothing) add(row);
  text += "Accepted, but nothing is done:\n";
  for (const StapOption& row : stap_options())
    if (row.effect == StapOption::Effect::nothing) add(row);
  return text;
}

}  // namespace socktap::cli
