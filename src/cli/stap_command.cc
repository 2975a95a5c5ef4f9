#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/command.h"
#include "cli/example_script.h"
#include "cli/function_list.h"
#include "cli/message.h"
#include "cli/point_list.h"
#include "cli/rc_file.h"
#include "cli/runner.h"
#include "cli/stap_options.h"
#include "cli/version.h"
#include "tapset/catalogue.h"

namespace socktap::cli {
namespace {

// Points that take a number; `**` matches those that need none.
constexpr const char* points_with_number[] = {
    "begin(number)",    "end(number)",           "error(number)",
    "timer.hz(number)", "timer.jiffies(number)", "timer.ms(number)",
    "timer.ns(number)", "timer.s(number)",       "timer.us(number)"};

int list_types() {
  std::vector<std::string> names(std::begin(points_with_number), std::end(points_with_number));
  for (ListedPoint& point : points_that_match("**", {})) names.push_back(std::move(point.name));
  std::ranges::sort(names);
  fmt::print("{}\n", fmt::join(names, "\n"));
  return exit_done;
}

int list_aliases() {
  for (const auto points : {tapset::probe_points(), tapset::call_points()})
    for (const tapset::ProbePoint& point : points) fmt::print("{}\n", point.name);
  return exit_done;
}

int run_as_stap(StapOptions options) {
  std::vector<std::string>& words = options.run.script.words;
  if (options.is_example && !options.run.script.text && !words.empty()) {
    auto example = find_example(words.front());
    if (!example) {
      print_error(example.error());
      return exit_script_failed;
    }
    words.front() = std::move(*example);
  }
  options.run.all = options.run.all_if_possible = true;
  options.run.status_lines = false;
  return run_or_stop(options.run);
}

int perform(const StapOptions& options) {
  using Task = StapOptions::Task;
  switch (options.task) {
    case Task::run:
      return run_as_stap(options);
    case Task::list_points:
      return list_points(options.pattern, options.run.script, false);
    case Task::list_signatures:
      return list_points(options.pattern, options.run.script, true);
    case Task::list_types:
      return list_types();
    case Task::list_aliases:
      return list_aliases();
    case Task::list_functions:
      dump_functions();
      return exit_done;
    case Task::help:
      fmt::print("{}", stap_help());
      return exit_done;
    case Task::version:
      fmt::print("{}\n", version_line(true));
      return exit_done;
    case Task::nothing:
      return exit_done;
  }
  return exit_done;
}

}  // namespace

int stap_command(const std::vector<std::string>& arguments) {
  auto words = read_rc_file();
  if (!words) {
    print_error(words.error());
    return exit_script_failed;
  }
  words->insert(words->end(), arguments.begin(), arguments.end());
  const ParsedStap parsed = parse_stap(*words);
  const int status = parsed.exit_status ? *parsed.exit_status : perform(parsed.options);
  return status == exit_done || status == exit_interrupted ? status : exit_script_failed;
}

}  // namespace socktap::cli
