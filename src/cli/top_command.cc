#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <ctime>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/process_tree.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/run_options.h"
#include "cli/runner.h"
#include "cli/signals.h"
#include "cli/target_line.h"
#include "cli/top_records.h"
#include "tui/top_sink.h"

namespace socktap::cli {
namespace {

using tui::View;

constexpr const char* footer = R"(
What was only peeked at does not count, nor does EAGAIN as an error.

Examples:
  socktap top -T 3
  socktap top --by socket -T 3 -- curl -s http://127.0.0.1/
  socktap top --once
  socktap top -T 3 -f csv)";

struct TopOptions {
  RunOptions run;
  std::string view = "process";
  double interval = 1;  // s
  bool once = false, batch = false;
  Format format = Format::text;

  bool is_on_screen() const { return !once && !batch; }
};

std::vector<std::string_view> view_words() {
  std::vector<std::string_view> words;
  for (const View& view : tui::views()) words.push_back(view.name);
  return words;
}
std::string view_names() { return fmt::format("{}", fmt::join(view_words(), ", ")); }

std::string subject_of(const RunOptions& options) {
  if (options.recording.from) return *options.recording.from;
  if (options.pid) return fmt::format("process {}", *options.pid);
  if (!options.command_words.empty()) return options.command_words.front();
  return "everything";
}

double seconds_since(std::uint64_t begin) {
  return static_cast<double>(read_clock(CLOCK_MONOTONIC) - begin) / 1e9;
}

Result<void> print_table(const std::string& text) {
  fmt::print("{}", text);
  if (std::fflush(stdout) != 0) return system_failure("cannot write the output", errno);
  return {};
}

class Top {
 public:
  explicit Top(TopOptions options)
      : options_(std::move(options)), sink_(*tui::find_view(options_.view)) {}

  int run() {
    sink_.surface().subject = subject_of(options_.run);
    if (!options_.is_on_screen())
      sink_.print_tables([this](const tui::TopState& state) { return take_table(state); });
    if (auto started = start_target(); !started) {
      print_error(started.error());
      return exit_usage;
    }
    int status = exit_done;
    do {
      status = show_view();
    } while (status == exit_done && sink_.state().wanted_view() != nullptr && change_view());
    terminal_.reset();
    for (const std::string& message : sink_.messages()) print_warning(message);
    if (sink_.surface().lost > 0)
      print_warning(fmt::format("{} events were lost", sink_.surface().lost));
    return status;
  }

 private:
  Result<void> start_target() {
    if (options_.run.command_words.empty()) return {};
    auto started = session::TargetProcess::start(options_.run.command_words, std::nullopt);
    if (!started) return tl::unexpected(started.error());
    target_.emplace(std::move(*started));
    return {};
  }

  Result<void> take_table(const tui::TopState& state) {
    if (is_done_) return {};
    is_done_ = options_.once;
    auto printed = print_table(in_format(state));
    if (is_done_) stop_->request(SIGINT);
    return printed;
  }

  // Text as tables one below the other.
  std::string in_format(const tui::TopState& state) {
    if (options_.format == Format::text) return tui::plain_table(state) + "\n";
    const DataRecords records = records_of(state.table(), state.rows(), state.view());
    if (options_.format == Format::json) return as_json_lines(records);
    const auto columns = columns_of(state.view());
    const bool is_first = !std::exchange(has_header_, true);
    return (is_first ? csv_header(columns) : "") + as_csv_rows(records, columns);
  }

  int show_view() {
    session::StopFlag stop;
    stop_ = &stop;
    const SignalHandling signals(stop);
    RunOptions run = options_.run;
    run.command_words.clear();
    const View& view = sink_.state().view();
    run.script.text =
        tui::script_of(view, static_cast<std::uint64_t>(std::llround(options_.interval * 1000)));
    run.definitions = {"MAXACTION=1000000000"};  // tables may be long
    run.warnings = options_.is_on_screen() ? false : run.warnings;
    run.status_lines = false;
    if (run.seconds && !run.recording.from)
      run.seconds = std::max(*run.seconds - seconds_since(begun_), 0.0);
    run.quiet = true;
    Surroundings around{.sink = &sink_, .stop = &stop};
    if (target_ && !has_run_) around.target = &*target_;
    if (target_ && has_run_) run.roots = descendants(list_processes(), {target_->pid()});
    std::optional<Error> refusal;
    around.attached = [&](const sources::Source& source) {
      begin(source, stop);
      return show_screen(refusal);
    };
    const int status = run_script(run, around);
    lost_before_ = sink_.surface().lost;
    sink_.end();
    if (status == exit_done && run.recording.from && terminal_) linger(stop);
    has_run_ = true;
    if (refusal) print_error(*refusal);
    return status;
  }

  // What a recording ended with stays on the screen until a key says otherwise.
  void linger(const session::StopFlag& stop) {
    constexpr timespec between_looks{.tv_sec = 0, .tv_nsec = 50'000'000};
    sink_.surface().notice = "the recording has ended";
    while (!stop.requested() && !sink_.state().wants_to_quit() &&
           sink_.state().wanted_view() == nullptr) {
      static_cast<void>(sink_.flush());
      ::nanosleep(&between_looks, nullptr);
    }
    sink_.surface().notice.clear();
  }

  // Only when something is observed: until then messages have the terminal.
  bool show_screen(std::optional<Error>& refusal) {
    if (!options_.is_on_screen() || terminal_) return true;
    auto opened = tui::Terminal::open();
    if (!opened) {
      refusal = opened.error();
      return false;
    }
    terminal_ = std::move(*opened);
    sink_.use(*terminal_);
    return true;
  }

  void begin(const sources::Source& source, session::StopFlag& stop) {
    const std::size_t blind = count_of(source.coverage(), sources::Verdict::blind);
    if (blind > 0)
      sink_.surface().notice = fmt::format("{} path{} not seen here: socktap doctor", blind,
                                           blind == 1 ? " is" : "s are");
    sink_.begin(
        {.stop = &stop,
         .lost = [this, &source] { return lost_before_ + source.statistics().losses.events(); },
         .has_ended = [this] { return has_run_ && target_ && target_->has_ended(); }});
  }

  bool change_view() {
    sink_.state().show(*sink_.state().wanted_view());
    return true;
  }

  TopOptions options_;
  tui::TopSink sink_;
  std::unique_ptr<tui::Terminal> terminal_;
  std::optional<session::TargetProcess> target_;
  session::StopFlag* stop_ = nullptr;
  std::uint64_t begun_ = read_clock(CLOCK_MONOTONIC);
  std::uint64_t lost_before_ = 0;  // in the views before
  bool has_run_ = false;           // the target was let go
  bool is_done_ = false;
  bool has_header_ = false;  // of CSV
};

struct TopLine : CommandLine {
  TopLine();
  TopOptions options;
};

TopLine::TopLine()
    : CommandLine("top", "Shows who sends and receives how much, anew each second.") {
  RunOptions& run = options.run;
  takes_command = true;
  app.footer(footer);
  app.add_option("--by", options.view, "a row for each " + view_names())
      ->type_name(one_of(view_words()))
      ->check([](const std::string& name) {
        return tui::find_view(name) ? "" : name + " is none of " + view_names();
      });
  app.add_option("--interval", options.interval, "seconds from table to table")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 3600.0));
  app.add_flag("--once", options.once, "print one table and end");
  app.add_flag("--batch", options.batch,
               "print tables, one below the other; so it is with -f json, -f csv, and where there "
               "is no terminal");
  add_format_option(app, options.format);
  add_target_options(app, run, "show");
  add_replay_options(app, run.recording);
  add_source_options(app, run.source);
}

}  // namespace

std::unique_ptr<CommandLine> top_line() { return std::make_unique<TopLine>(); }

int top_command(const std::vector<std::string>& arguments) {
  TopLine line;
  TopOptions& options = line.options;
  RunOptions& run = options.run;
  if (const auto status = parse_target_line(line, run, arguments)) return *status;
  if (auto checked = check_replay(run); !checked)
    return refuse_arguments(line.app, checked.error().message);
  if (::isatty(STDOUT_FILENO) != 1 || options.format != Format::text) options.batch = true;
  if (run.recording.from && options.is_on_screen() && !run.recording.speed) run.recording.speed = 1;
  return Top(std::move(options)).run();
}

}  // namespace socktap::cli
