import Foundation
import Notebook

extension CourseDescription {
    /// The exercise that a learner's file belongs to: told by the questions that it imports, else by its name.
    ///
    /// What it imports is read from the text, which is quick: no compiler is asked.
    public func exercise(of path: String) -> Exercise? {
        let imported = (try? WholeFile.bytes(of: path, atMost: 16 << 20)).map { Self.importedModules(String(decoding: $0, as: UTF8.self)) } ?? []
        if let exercise = exercises.first(where: { $0.checker.map(imported.contains) ?? false }) { return exercise }
        func stem(_ path: String) -> String { ((path as NSString).lastPathComponent as NSString).deletingPathExtension }
        return exercises.first { stem($0.file) == stem(path) }
    }

    /// The words that stand behind `import` at the beginning of a line, or of one in an .ipynb file's JSON.
    private static func importedModules(_ text: String) -> Set<String> {
        Set(text.split { $0 == "\n" || $0 == "\r\n" || $0 == "\"" }.compactMap { line in
            let words = line.prefix(200).split { $0 == " " || $0 == "\t" || $0 == "\\" }
            return words.count >= 2 && words[0] == "import" ? String(words[1]) : nil
        })
    }
}
