// Runs the code: the machine's frames and registers, and what the instructions do. execute.cc is
// the dispatch loop; the operations that take more than a line are in interpreter_*.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vm/globals.h"
#include "vm/iteration.h"
#include "vm/library_state.h"
#include "vm/machine.h"
#include "vm/output_buffer.h"
#include "vm/regex.h"
#include "vm/text.h"

namespace socktap::vm {

// Of an array that has no room for another entry.
std::string overflow_message(const Array& array);

class Interpreter {
 public:
  Interpreter(const Code& code, const SourceMap& sources, Limits limits, Host& host);
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  std::optional<RuntimeError> run(std::uint32_t handler, const Occasion& occasion);
  bool exit_requested() const { return library_.exit_requested(); }
  void print_unread_globals();
  std::vector<RuntimeError> merge(const plan::Partials& partials);  // as Machine's
  plan::SettledValues settled(const plan::Tables& tables) const;    // as Machine's

 private:
  struct Frame {
    const Routine* routine;
    std::uint32_t return_to;                   // instruction of the caller
    std::uint32_t result;                      // the caller's register
    std::uint32_t numbers, texts, iterations;  // where the frame's registers begin
  };
  struct Budget {
    std::int64_t actions;
    std::int64_t visits;  // of entries, Limits::visits_for()
  };
  // What ended a handler. Only an error can be caught; abort() is none and has no message.
  struct Fault {
    enum class Ending : std::uint8_t { error, limit, abort };
    std::string message;
    Ending ending = Ending::error;
    const Routine* callee = nullptr;  // the error is its being called
  };

  // The registers of the running frame; they move when a call makes room for another.
  std::int64_t* numbers() { return numbers_.data() + frames_.back().numbers; }
  Text* texts() { return texts_.data() + frames_.back().texts; }
  Iteration& iteration(std::uint32_t index) {
    return iterations_[frames_.back().iterations + index];
  }

  // False: a run-time error ended the handler.
  bool execute(std::uint32_t at);
  std::optional<RuntimeError> uncaught() const;  // the fault that did; an abort is no error

  // Frames.
  void push_frame(const Routine& routine, std::uint32_t return_to, std::uint32_t result);
  void make_room(const Frame& frame);
  void clear_locals(const Routine& routine);
  bool call(const Instruction& instruction, std::uint32_t return_to);
  // The instruction that goes on after the error at `at`; none if nothing catches it.
  std::uint32_t declined_call() const;
  std::optional<std::uint32_t> unwind(std::uint32_t at);

  // Each of these returns false after a fault.
  bool fault(std::string message);
  bool overspent();
  bool charge(std::int64_t actions) {
    left_.actions -= actions;
    return left_.actions > 0 || overspent();
  }
  bool charge_visits(std::size_t entries);
  bool charge_sort(std::size_t entries);
  bool array_set_number(const Instruction& instruction);
  bool array_set_text(const Instruction& instruction);
  bool array_add_number(const Instruction& instruction);
  bool array_stat_add(const Instruction& instruction);
  bool array_contains(const Instruction& instruction);
  bool array_delete(const Instruction& instruction);
  bool array_clear(const Instruction& instruction);
  bool overflow(const Array& array);
  bool extract_statistic(const ExtractSite& site, std::int64_t& result);
  bool bucket(const BucketSite& site, std::int64_t& result);
  bool foreach_begin(const Instruction& instruction);
  bool library(const LibrarySite& site);               // the result is in call_number_, call_text_
  bool render(const PrintSite& site);                  // to output_
  bool render_histogram(const StatisticPlace& place);  // to rendered_

  // These cannot fail.
  void array_get_number(const Instruction& instruction);
  void array_get_text(const Instruction& instruction);
  bool foreach_next(const Instruction& instruction);  // false at the end
  bool match(const Instruction& instruction);

  // What the point has and makes of its event; nullptr, 0 or "" for what it has not.
  const tapset::Binding* binding_of(tapset::Variable variable) const;
  std::int64_t variable_number(tapset::Variable variable) const;
  void variable_text(tapset::Variable variable, Text& to) const;

  // The values that a list's registers hold, valid until the next call or register write.
  std::span<const Argument> gather(std::uint32_t list);
  Slice gather_slice(std::uint32_t list);
  const Statistic* find_statistic(const StatisticPlace& place);  // null: no such element
  const StatisticShape& shape_of(const StatisticPlace& place) const;

  const Code& code_;
  const SourceMap& sources_;
  const Limits limits_;
  const std::size_t max_text_;  // bytes a string may hold
  const Budget budget_, lifecycle_budget_;
  Host& host_;

  Globals globals_;
  LibraryState library_;
  std::vector<Regex> patterns_;
  std::vector<std::string_view> literals_;  // of the code's, cut to max_text_

  // The run of a handler.
  const Occasion* occasion_ = nullptr;
  Budget left_{};
  Fault fault_;
  std::uint32_t fault_at_ = 0;

  // Stacks, kept from run to run.
  std::vector<Frame> frames_;
  std::vector<std::int64_t> numbers_;
  std::vector<Text> texts_;
  std::vector<Iteration> iterations_;

  // Scratch memory, kept from use to use.
  std::vector<Argument> arguments_;
  std::vector<std::optional<Argument>> slice_;
  OutputBuffer output_;
  std::string rendered_;
  std::int64_t call_number_ = 0;
  std::string call_text_;
};

}  // namespace socktap::vm
