#include "language/language.h"

namespace socktap::language {

Outcome<TypedProgram> compile(SourceMap& sources, const std::vector<std::uint32_t>& texts,
                              const Invocation& invocation) {
  auto parsed = parse_whole(sources, texts, invocation);
  if (!parsed.value) return {std::nullopt, std::move(parsed.diagnostics)};
  auto checked = check(*parsed.value, invocation);
  parsed.diagnostics.append(std::move(checked.diagnostics));
  return {std::move(checked.value), std::move(parsed.diagnostics)};
}

}  // namespace socktap::language
