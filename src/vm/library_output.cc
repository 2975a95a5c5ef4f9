// What goes out: log and warnings, what is kept back, terminal control, indentation; errors and the
// end of the run.
#include <fmt/format.h>

#include "event/event.h"
#include "vm/library_functions.h"
#include "vm/library_state.h"

namespace socktap::vm::library {
namespace {

void print(LibraryCall& call, std::string_view text) { call.host.emit({RecordKind::output, text}); }

void show(LibraryCall& call, RecordKind kind, std::uint64_t channel) {
  const Occasion& occasion = call.occasion;
  const ShownEvent shown{occasion.event, occasion.point, occasion.point_text,
                         occasion.realtime_offset};
  call.host.emit({.kind = kind, .event = &shown, .count = channel});
}

std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

// Changes the depth by `delta` and returns how far to indent: by the levels around a call, at the
// call that opens a level as at the return that closes it.
std::int64_t change_depth(LibraryState::Indentation& indentation, std::int64_t delta) {
  const std::int64_t deepest =
      delta > 0 ? wrapping_sum(indentation.depth, delta) : indentation.depth;
  indentation.depth = wrapping_sum(indentation.depth, delta);
  return deepest > 0 ? deepest - 1 : 0;
}

// The time runs from where the depth was last 0.
void append_indentation(LibraryCall& call, LibraryState::Indentation& indentation,
                        std::string_view description) {
  constexpr std::int64_t max_blanks = 8192;
  const std::int64_t now = call.occasion.realtime() / 1000;
  if (indentation.depth == 0) indentation.since = now;
  const std::int64_t blanks = change_depth(indentation, call.arguments[0].number);
  fmt::format_to(std::back_inserter(call.text), "{:6} {}:{:{}}", now - indentation.since,
                 description, "", std::min(blanks, max_blanks));
}

// A thread's indentation is remembered only while it is not 0, so that threads that ended as they
// began take no room.
template <typename Use>
void with_thread_indentation(LibraryCall& call, Use use) {
  auto& threads = call.state.thread_indentation();
  const std::int64_t thread = call.occasion.event->tid;
  LibraryState::Indentation* indentation = remembered(call, threads, thread);
  if (indentation == nullptr) return;
  use(*indentation);
  if (indentation->depth == 0) threads.erase(thread);
}

void print_colors(LibraryCall& call, std::int64_t foreground, std::int64_t background,
                  std::int64_t attribute) {
  const std::string attribute_text = attribute != 0 ? fmt::format(";{}", attribute) : "";
  print(call, fmt::format("\033[{};{}{}m", background, foreground, attribute_text));
}

}  // namespace

void print_event(LibraryCall& call) {
  if (call.occasion.point == nullptr)
    call.error = "no event can be shown in a handler that runs for none";
  else
    show(call, RecordKind::event, 0);
}

void hand_event(LibraryCall& call) {
  show(call, RecordKind::handed, static_cast<std::uint64_t>(call.arguments[0].number));
}

void log(LibraryCall& call) {
  call.text = call.arguments[0].text;
  call.text += '\n';
  print(call, call.text);
}

void warn(LibraryCall& call) {
  std::string_view text = call.arguments[0].text;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (call.state.first_time(text)) call.host.emit({RecordKind::warning, text});
}

void error(LibraryCall& call) { call.error = std::string(call.arguments[0].text); }

void assert_that(LibraryCall& call) {
  if (call.arguments[0].number != 0) return;
  call.error = call.arguments.size() > 1 ? std::string(call.arguments[1].text) : "Assertion failed";
}

void abort(LibraryCall& call) {
  call.state.request_exit();
  call.aborts = true;
}

void exit(LibraryCall& call) { call.state.request_exit(); }

void switch_file(LibraryCall& call) { call.host.emit({RecordKind::next_file, {}}); }

void speculation(LibraryCall& call) { call.number = call.state.speculations().begin(); }

void speculate(LibraryCall& call) {
  call.state.speculations().add(call.arguments[0].number, call.arguments[1].text,
                                static_cast<std::size_t>(call.limits.max_map_entries));
}

void commit(LibraryCall& call) {
  if (const std::string kept = call.state.speculations().take(call.arguments[0].number);
      !kept.empty())
    print(call, kept);
}

void discard(LibraryCall& call) {
  static_cast<void>(call.state.speculations().take(call.arguments[0].number));
}

void ftrace(LibraryCall& call) {
  call.state.write_trace_marker(std::string(call.arguments[0].text) + "\n");
}

void indent(LibraryCall& call) { append_indentation(call, call.state.indentation(), ""); }

void indent_depth(LibraryCall& call) {
  call.number = change_depth(call.state.indentation(), call.arguments[0].number);
}

void thread_indent(LibraryCall& call) {
  with_thread_indentation(call, [&call](LibraryState::Indentation& indentation) {
    const Event& event = *call.occasion.event;
    append_indentation(call, indentation, fmt::format("{}({})", comm_of(event), event.tid));
  });
}

void thread_indent_depth(LibraryCall& call) {
  with_thread_indentation(call, [&call](LibraryState::Indentation& indentation) {
    call.number = change_depth(indentation, call.arguments[0].number);
  });
}

void ansi_clear_screen(LibraryCall& call) { print(call, "\033[1;1H\033[J"); }
void ansi_cursor_hide(LibraryCall& call) { print(call, "\033[>5I"); }
void ansi_cursor_show(LibraryCall& call) { print(call, "\033[>5h"); }
void ansi_cursor_save(LibraryCall& call) { print(call, "\033[s"); }
void ansi_cursor_restore(LibraryCall& call) { print(call, "\033[u"); }
void ansi_new_line(LibraryCall& call) { print(call, "\n"); }

void ansi_cursor_move(LibraryCall& call) {
  print(call, fmt::format("\033[{};{}H", call.arguments[1].number, call.arguments[0].number));
}

void ansi_set_color(LibraryCall& call) {
  const std::int64_t foreground = call.arguments[0].number;
  if (call.arguments.size() == 1) return print(call, fmt::format("\033[{}m", foreground));
  print_colors(call, foreground, call.arguments[1].number,
               call.arguments.size() > 2 ? call.arguments[2].number : 0);
}

void ansi_set_color2(LibraryCall& call) { ansi_set_color(call); }
void ansi_set_color3(LibraryCall& call) { ansi_set_color(call); }
void ansi_reset_color(LibraryCall& call) { print_colors(call, 0, 0, 0); }

}  // namespace socktap::vm::library
