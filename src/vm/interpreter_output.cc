// Instructions that print, match and call the library.
#include "vm/format.h"
#include "vm/histogram_text.h"
#include "vm/interpreter.h"
#include "vm/library.h"

namespace socktap::vm {

bool Interpreter::render(const PrintSite& site) {
  const std::int64_t* const n = numbers();
  const Text* const t = texts();
  std::size_t most = site.most;
  for (const std::uint32_t text : site.texts) most += t[text].view().size();
  output_.clear();
  char* at = output_.room(most);
  for (const PrintPiece& piece : site.pieces) {
    at = put(piece.before, at);
    switch (piece.kind) {
      case PrintPiece::Kind::nothing:
        break;
      case PrintPiece::Kind::number:
        at = put(n[piece.index], at);
        break;
      case PrintPiece::Kind::text:
        at = put(t[piece.index].view(), at);
        break;
      case PrintPiece::Kind::conversion:
      case PrintPiece::Kind::histogram:
        rendered_.clear();
        if (piece.kind == PrintPiece::Kind::conversion) {
          append_conversion(piece.conversion, gather(piece.index), rendered_);
        } else if (!render_histogram(piece.histogram)) {
          return false;
        }
        output_.end_at(at);
        at = put(rendered_, output_.room(most + rendered_.size()));
    }
  }
  output_.end_at(at);
  return true;
}

bool Interpreter::render_histogram(const StatisticPlace& place) {
  const Statistic* statistic = find_statistic(place);
  if (statistic == nullptr || statistic->empty()) return fault("empty aggregate");
  draw_histogram(shape_of(place).histogram, statistic->buckets(), limits_.hist_elision, rendered_);
  return true;
}

bool Interpreter::match(const Instruction& instruction) {
  const std::string_view subject = texts()[instruction.b].view();
  Regex& pattern = patterns_[instruction.c];
  if (!code_.keeps_groups) return pattern.matches(subject);
  const auto& groups = pattern.groups(subject);
  library_.set_match(subject, groups);
  return !groups.empty();
}

bool Interpreter::library(const LibrarySite& site) {
  LibraryCall request{*occasion_, host_, library_, limits_, gather(site.arguments)};
  call_text_.clear();
  request.text.swap(call_text_);
  vm::call(site.function, request);
  if (request.error) return fault(*std::move(request.error));
  if (request.aborts) {
    fault_ = {"", Fault::Ending::abort};
    return false;
  }
  call_number_ = request.number;
  call_text_.swap(request.text);
  call_text_.resize(cut(call_text_, max_text_).size());
  return true;
}

void Interpreter::print_unread_globals() {
  const std::string text = unread_globals(code_, globals_);
  if (!text.empty()) host_.emit({RecordKind::output, text});
}

}  // namespace socktap::vm
