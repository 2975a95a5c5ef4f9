#include "vm/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace socktap::vm {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || c == '@';
}

std::string_view kind_of(std::string_view word) {
  static constexpr std::array<std::string_view, 20> keywords = {
      "probe",  "global",  "function", "private", "if",     "else",     "while",
      "for",    "foreach", "in",       "limit",   "break",  "continue", "next",
      "return", "delete",  "try",      "catch",   "string", "long"};
  if (std::find(keywords.begin(), keywords.end(), word) != keywords.end()) return "keyword";
  if (word.empty() || !is_word(word.front()) || word.front() == '@') return "operator";
  return word.front() >= '0' && word.front() <= '9' ? "number" : "identifier";
}

std::size_t word_length(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_word);
  return std::max<std::size_t>(static_cast<std::size_t>(end - text.begin()), 1);
}

}  // namespace

Span place_of(const FaultSite& site, const SourceMap& sources) {
  const Span span = site.span;
  const std::string_view text = sources.text(span.source);
  if (span.begin >= span.end || span.end > text.size()) return span;
  const std::string_view within = text.substr(span.begin, span.end - span.begin);
  std::size_t at = 0;
  std::size_t length = word_length(within);
  if (site.kind != FaultSite::Kind::statement) {
    const std::size_t found = site.kind == FaultSite::Kind::identifier ? within.find(site.token)
                                                                       : within.rfind(site.token);
    if (found != std::string_view::npos) {
      at = found;
      length = std::max(site.token.size(), word_length(within.substr(found)));
    }
  }
  const auto begin = static_cast<std::uint32_t>(span.begin + at);
  return {span.source, begin, static_cast<std::uint32_t>(begin + length)};
}

std::string describe_fault(const std::string& message, const FaultSite* site,
                           const SourceMap& sources) {
  if (site == nullptr || site->span.source >= sources.size()) return message;
  const Span place = place_of(*site, sources);
  const bool readable = place.begin < place.end && place.end <= sources.text(place.source).size();
  const std::string_view word = readable ? sources.text(place) : std::string_view(site->token);
  const std::string_view kind = kind_of(word);
  const std::string name = kind == "keyword" ? "" : fmt::format(" '{}'", word);
  return fmt::format("{} near {}{} at {}", message, kind, name, sources.describe(place));
}

const FaultSite* find_fault_site(const Code& code, std::uint32_t instruction) {
  const auto found = std::lower_bound(
      code.fault_sites.begin(), code.fault_sites.end(), instruction,
      [](const FaultSite& site, std::uint32_t at) { return site.instruction < at; });
  return found != code.fault_sites.end() && found->instruction == instruction ? &*found : nullptr;
}

}  // namespace socktap::vm
