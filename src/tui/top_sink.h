// Takes the tables that the script of a view prints, and shows them: on a terminal whose keys it
// handles, or one below the other.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "session/stop_flag.h"
#include "sinks/sink.h"
#include "tui/painter.h"
#include "tui/terminal.h"
#include "tui/top_state.h"

namespace socktap::tui {

class TopSink : public sinks::Sink {
 public:
  explicit TopSink(const View& view) : state_(view) {}

  // What a run tells before it begins; `lost`: how many events were, until now.
  struct Run {
    session::StopFlag* stop = nullptr;  // which ends it
    std::function<std::uint64_t()> lost;
    std::function<bool()> has_ended;  // what is observed
  };
  void begin(Run run) { run_ = std::move(run); }
  void end() { run_ = {}; }

  void use(Terminal& terminal) { terminal_ = &terminal; }  // borrowed
  // Without a terminal: each table, as it comes.
  void print_tables(std::function<Result<void>(const TopState&)> print) {
    print_ = std::move(print);
  }

  TopState& state() { return state_; }
  Surface& surface() { return surface_; }
  const std::vector<std::string>& messages() const { return messages_; }  // warnings and errors

  Result<void> write(const Record& record) override;
  Result<void> flush() override;

 private:
  Result<void> take_lines(std::string_view text);
  void handle_keys();
  void paint();

  TopState state_;
  Surface surface_;
  Run run_;
  Terminal* terminal_ = nullptr;
  std::function<Result<void>(const TopState&)> print_;
  TableReader reader_;
  std::string line_;
  std::vector<std::string> messages_;
  bool is_dirty_ = true;
};

}  // namespace socktap::tui
