/// The names of the modules that cells are compiled as: a person never sees them.
enum ModuleNames {
    static let prefix = "Cell_"
    private static let length = prefix.utf8.count + 16

    /// The module name at the start of a text.
    static func leading(_ text: Substring.UTF8View) -> String? {
        guard text.starts(with: prefix.utf8) else { return nil }
        let candidate = text.prefix(length)
        guard candidate.count == length,
            candidate.dropFirst(prefix.utf8.count).allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return String(candidate)
    }

    /// The modules named in a text, in order.
    static func all(in text: String) -> [String] {
        var found: [String] = []
        var rest = text.utf8[...]
        while let start = rest.firstIndex(of: 0x43) {
            if let name = leading(rest[start...]) {
                found.append(name)
                rest = rest[start...].dropFirst(length)
            } else {
                rest = rest[start...].dropFirst()
            }
        }
        return found
    }

    /// `Cell_0123456789abcdef.Tree` becomes `Tree`.
    static func removed(from text: String) -> String {
        guard text.utf8.count > length, text.contains(prefix) else { return text }
        // A type inside a function: Swift knows no names for what stands around it.
        return replaced(in: text) { _, _ in nil }.replacing(#/\(unknown context at \$[0-9a-f]+\)\./#, with: "")
    }

    /// Replaces each `module.Name` by what `rename` makes of it, else by the name alone.
    static func replaced(in text: String, _ rename: (_ module: String, _ name: String) -> String?) -> String {
        var result: [UInt8] = []
        var rest = text.utf8[...]
        while let first = rest.first {
            guard first == 0x43, let module = leading(rest), rest.dropFirst(length).first == 0x2E else {
                result.append(first)
                rest = rest.dropFirst()
                continue
            }
            let behind = rest.dropFirst(length + 1)
            let name = behind.prefix { $0 == 0x5F || $0 >= 0x80 || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
            result += (rename(module, String(decoding: name, as: UTF8.self)) ?? String(decoding: name, as: UTF8.self)).utf8
            rest = behind.dropFirst(name.count)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
