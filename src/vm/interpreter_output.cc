// Instructions that print, match and call the library.
#include "vm/format.h"
#include "vm/histogram_text.h"
#include "vm/interpreter.h"
#include "vm/library.h"

namespace socktap::vm {

bool Interpreter::render(const PrintSite& site) {
  if (site.format) {
    vm::render(*site.format, gather(site.arguments), output_);
    return true;
  }
  for (const PrintPiece& piece : site.pieces) {
    switch (piece.kind) {
      case PrintPiece::Kind::number:
        append_number(numbers()[piece.index], output_);
        break;
      case PrintPiece::Kind::text:
        output_.append(texts()[piece.index].view());
        break;
      case PrintPiece::Kind::literal:
        output_.append(code_.literals[piece.index].c_str());  // no value: of any length
        break;
      case PrintPiece::Kind::histogram: {
        const Statistic* statistic = find_statistic(piece.histogram);
        if (statistic == nullptr || statistic->empty()) return fault("empty aggregate");
        draw_histogram(shape_of(piece.histogram).histogram, statistic->buckets(),
                       limits_.hist_elision, output_);
      }
    }
  }
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
