/// A run of at least `count` code tokens that a hint shares with the solution's code, joined by spaces; nil when there
/// is none.
///
/// Tokens are names, numbers, operators and single punctuation signs. Comments, white space and the backticks of
/// Markdown do not count.
public func sharesTokens(hint: String, solutionCode: String, atLeast count: Int = 8) -> String? {
    let solution = CodeTokens.tokens(of: solutionCode, skipsComments: true)
    guard count > 0, solution.count >= count else { return nil }
    var starts: [ArraySlice<String>: Int] = [:]
    for start in 0...(solution.count - count) {
        let run = solution[start..<start + count]
        if starts[run] == nil { starts[run] = start }
    }
    // In prose, `//` may be part of a link rather than a comment: look at both readings.
    for skipsComments in [true, false] {
        let words = CodeTokens.tokens(of: hint, skipsComments: skipsComments)
        guard words.count >= count else { continue }
        for start in 0...(words.count - count) {
            guard let match = starts[words[start..<start + count]] else { continue }
            var length = count
            while start + length < words.count, match + length < solution.count,
                words[start + length] == solution[match + length]
            { length += 1 }
            return words[start..<start + length].joined(separator: " ")
        }
    }
    return nil
}

/// Cuts code, or prose with code in it, into tokens.
enum CodeTokens {
    static func tokens(of text: String, skipsComments: Bool) -> [String] {
        var scanner = Scanner(scalars: Array(text.unicodeScalars), skipsComments: skipsComments)
        return scanner.tokens()
    }

    private struct Scanner {
        let scalars: [Unicode.Scalar]
        let skipsComments: Bool
        var position = 0
        /// Where the string literal ends in which `position` stands: there, `//` starts no comment.
        var endOfString = 0

        mutating func tokens() -> [String] {
            var tokens: [String] = []
            while position < scalars.count {
                let scalar = scalars[position]
                if scalar.properties.isWhitespace || scalar == "`" {
                    position += 1
                } else if skipsComments, position >= endOfString, skipComment() {
                    continue
                } else if Self.isName(scalar) {
                    tokens.append(take(while: Self.isName))
                } else if ("0"..."9").contains(scalar) {
                    tokens.append(number())
                } else if Self.isOperator(scalar) {
                    tokens.append(operatorToken())
                } else {
                    if scalar == "\"", position >= endOfString { enterString() }
                    tokens.append(String(Character(scalar)))
                    position += 1
                }
            }
            return tokens
        }

        private func at(_ offset: Int) -> Unicode.Scalar? {
            position + offset < scalars.count ? scalars[position + offset] : nil
        }

        private mutating func skipComment() -> Bool {
            guard scalars[position] == "/" else { return false }
            if at(1) == "/" {
                while position < scalars.count, scalars[position] != "\n" { position += 1 }
                return true
            }
            guard at(1) == "*" else { return false }
            var depth = 0
            repeat {
                if at(0) == "/", at(1) == "*" {
                    depth += 1
                    position += 2
                } else if at(0) == "*", at(1) == "/" {
                    depth -= 1
                    position += 2
                } else {
                    position += 1
                }
            } while depth > 0 && position < scalars.count
            position = min(position, scalars.count)
            return true
        }

        /// Finds the end of the literal that starts here; a mark without a partner is punctuation.
        private mutating func enterString() {
            let isLong = at(1) == "\"" && at(2) == "\""
            var end = position + (isLong ? 3 : 1)
            while end < scalars.count {
                if scalars[end] == "\\" {
                    end += 2
                    continue
                }
                if isLong ? scalars[end...].starts(with: ["\"", "\"", "\""]) : scalars[end] == "\"" {
                    endOfString = end + (isLong ? 3 : 1)
                    return
                }
                if !isLong, scalars[end] == "\n" { return }
                end += 1
            }
        }

        private mutating func take(while belongs: (Unicode.Scalar) -> Bool) -> String {
            var token = String.UnicodeScalarView()
            while position < scalars.count, belongs(scalars[position]) {
                token.append(scalars[position])
                position += 1
            }
            return String(token)
        }

        /// Digits, and a fraction when a digit follows the point: `0.005`, but `0` in `0.description`. Separators are
        /// dropped, so that `5_000` is `5000`.
        private mutating func number() -> String {
            func isPart(_ scalar: Unicode.Scalar) -> Bool { Self.isName(scalar) || ("0"..."9").contains(scalar) }
            var token = take(while: isPart)
            if at(0) == ".", let digit = at(1), ("0"..."9").contains(digit) {
                position += 1
                token += "." + take(while: isPart)
            }
            return token.filter { $0 != "_" }
        }

        private mutating func operatorToken() -> String {
            var token = String.UnicodeScalarView()
            repeat {
                token.append(scalars[position])
                position += 1
            } while position < scalars.count && Self.isOperator(scalars[position])
                && !(skipsComments && scalars[position] == "/" && (at(1) == "/" || at(1) == "*"))
            return String(token)
        }

        private static func isName(_ scalar: Unicode.Scalar) -> Bool {
            scalar == "_" || scalar == "$" || scalar.properties.isAlphabetic || scalar.properties.isEmoji && scalar.value > 0x7F
        }

        private static func isOperator(_ scalar: Unicode.Scalar) -> Bool { "+-*/=<>!&|^~%?".unicodeScalars.contains(scalar) }
    }
}
