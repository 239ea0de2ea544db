import Testing

@testable import DataFrames

@Suite("Reading CSV")
struct CSVReadingTests {
    @Test("A column's type is the narrowest that all its values have")
    func types() throws {
        let frame = try DataFrame(csv: "a,b,c,d,e\n1,1,true,x,1\n-2,2.5,False,1,\n3,1e3,TRUE,true,3\n")
        #expect(frame.columns.map(\.type) == [.int, .double, .bool, .string, .int])
        #expect(Array(frame["a", Int.self]) == [1, -2, 3])
        #expect(Array(frame["b", Double.self]) == [1, 2.5, 1000])
        #expect(Array(frame["c", Bool.self]) == [true, false, true])
        #expect(Array(frame["d", String.self]) == ["x", "1", "true"])
        #expect(Array(frame["e", Int.self]) == [1, nil, 3])
    }

    @Test("Numbers that turn out to be text late keep their spelling")
    func lateText() throws {
        let frame = try DataFrame(csv: "id,n\n007,1\n,2\n\"\",3\n1.50,4\nx7,5\n")
        #expect(Array(frame["id", String.self]) == ["007", nil, "", "1.50", "x7"])
        #expect(Array(frame["n", Int.self]) == [1, 2, 3, 4, 5])
    }

    @Test("Truth values among which a number stands are text")
    func mixedBooleans() throws {
        let frame = try DataFrame(csv: "a,b\ntrue,1\n1,true\n")
        #expect(Array(frame["a", String.self]) == ["true", "1"])
        #expect(Array(frame["b", String.self]) == ["1", "true"])
    }

    @Test("Two quotes are an empty text among texts, and nothing among numbers")
    func quotedEmpty() throws {
        let frame = try DataFrame(csv: "a,b,c\n\"\",\"\",\"\"\nx,1,\n")
        #expect(Array(frame["a", String.self]) == ["", "x"])
        #expect(Array(frame["b", Int.self]) == [nil, 1])
        #expect(Array(frame["c", String.self]) == ["", nil])
    }

    @Test("Quoted fields hold delimiters, doubled quotes and line ends")
    func quoting() throws {
        let frame = try DataFrame(csv: "title,n\n\"Cry, the \"\"Beloved\"\" Country\",1\n\"two\nlines\",2\n\"\"\"\",3\n")
        #expect(Array(frame["title", String.self]) == ["Cry, the \"Beloved\" Country", "two\nlines", "\""])
        #expect(Array(frame["n", Int.self]) == [1, 2, 3])
    }

    @Test("Lines end by LF, CRLF or CR, and the last one need not", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) throws {
        let expected: DataFrame = ["a": [1, 3], "b": ["x", "y"]]
        #expect(try DataFrame(csv: ["a,b", "1,x", "3,y"].joined(separator: end)) == expected)
        #expect(try DataFrame(csv: ["a,b", "1,x", "", "3,y", "", ""].joined(separator: end)) == expected)
    }

    @Test("In a file of one column an empty line is a missing value")
    func oneColumn() throws {
        #expect(Array(try DataFrame(csv: "a\n1\n\n3\n")["a", Int.self]) == [1, nil, 3])
    }

    @Test("A byte order mark is no part of the first name")
    func byteOrderMark() throws {
        #expect(try DataFrame(csv: "\u{FEFF}a,b\n1,2\n").columnNames == ["a", "b"])
        #expect(try DataFrame(csv: "\u{FEFF}\"a\"\n1\n").columnNames == ["a"])
    }

    @Test("Numbers are read exactly as Swift reads them", arguments: [
        "0.1", "123456789012345678", "1.7976931348623157e308", "5e-324", "2.2250738585072011e-308", "0.30000000000000004",
        "9007199254740993.0", "-0.0", "123456789.123456789", "1E5", ".5", "5.", "-.5", "+2.5", "1e400", "179769313486231580793e290",
    ])
    func numbers(text: String) throws {
        let read = try #require(try DataFrame(csv: "x,y\n\(text),1\n", types: ["x": .double])["x", Double.self][0])
        let padded = text.hasSuffix(".") ? text + "0" : text.replacing(".5", with: text.contains("2") ? ".5" : "0.5")
        #expect(read.bitPattern == (Double(padded) ?? .nan).bitPattern)
    }

    @Test("Every Double reads back as itself")
    func exactDoubles() throws {
        var generator = SplitMix(seed: 7)
        let numbers = (0..<2_000).map { _ in Double(bitPattern: generator.next()) } + [.infinity, -.infinity, .nan, 0, -0.0]
        let text = "x\n" + numbers.map { "\($0)\n" }.joined()
        let read = try DataFrame(csv: text)["x", Double.self]
        #expect(zip(read, numbers).allSatisfy { $0 == $1 || $0!.isNaN && $1.isNaN })
    }

    @Test("Whole numbers reach from the smallest to the largest Int, and beyond that are Doubles")
    func largeInts() throws {
        #expect(Array(try DataFrame(csv: "x\n\(Int.max)\n\(Int.min)\n-0\n+5\n")["x", Int.self]) == [.max, .min, 0, 5])
        #expect(try DataFrame(csv: "x\n9223372036854775808\n")["x"].type == .double)
        #expect(try DataFrame(csv: "x\n-9223372036854775809\n")["x"].type == .double)
        #expect(try DataFrame(csv: "x\n-\n")["x"].type == .string)
    }

    @Test("Spaces around numbers don't matter; in texts they do")
    func spaces() throws {
        let frame = try DataFrame(csv: "a,b\n 1 , x \n\t2,y\n")
        #expect(Array(frame["a", Int.self]) == [1, 2])
        #expect(Array(frame["b", String.self]) == [" x ", "y"])
    }

    @Test("A reader can ask for columns, types, another delimiter, other words for missing, and no header")
    func options() throws {
        let frame = try DataFrame(
            csv: "1;NA;x\n2;\"NA\";y\n", columns: ["column 3", "column 1"], types: ["column 1": .double],
            options: CSVReadingOptions(hasHeaderRow: false, delimiter: ";", nilEncodings: ["NA"]))
        #expect(frame == ["column 3": ["x", "y"], "column 1": [1.0, 2.0]])
        let other = try DataFrame(csv: "1;NA\n2;\"NA\"\n", options: CSVReadingOptions(hasHeaderRow: false, delimiter: ";", nilEncodings: ["NA"]))
        #expect(Array(other["column 2", String.self]) == [nil, "NA"])
    }

    @Test("A header alone makes a data frame without rows, whose columns pass for any type")
    func headerOnly() throws {
        let frame = try DataFrame(csv: "a,b\n")
        #expect(frame.shape == (0, 2))
        #expect(frame["a"].mean().isNaN)
        #expect(Array(frame["a", Int.self]) == [])
    }

    @Test("A large file is read part by part, with the types of the first part")
    func parts() throws {
        let path = Scratch.path("parts.csv")
        let frame: DataFrame = ["a": Column(contents: Array(0..<10)), "b": Column(contents: (0..<10).map { "t\($0)" })]
        try frame.writeCSV(to: path)
        var parts: [DataFrame] = []
        try DataFrame.readCSVFile(path, columns: ["a"], rowsAtATime: 4) { parts.append($0) }
        #expect(parts.map(\.rowCount) == [4, 4, 2])
        #expect(parts.flatMap { $0["a", Int.self].present } == Array(0..<10))

        try FileBytes.write(Array("a\n1\n2\nx\n".utf8), to: path)
        let error = #expect(throws: DataFrameError.self) {
            try DataFrame.readCSVFile(path, rowsAtATime: 2) { _ in }
        }
        #expect(error?.description == "parts.csv, line 4, column 1: \"x\" is not of type Int, which the column \"a\" is to have.")
    }
}

@Suite("What is wrong with a CSV file is said in a sentence with its place")
struct CSVErrorTests {
    private func sentence(_ text: String, types: [String: ColumnType] = [:], columns: [String]? = nil) -> String {
        do {
            _ = try DataFrame(csv: text, columns: columns, types: types)
            return "no error"
        } catch { return "\(error)" }
    }

    @Test("Nothing at all")
    func empty() {
        let expected = "There is nothing in it. Expected a line with the columns' names, then a line for each row."
        #expect(sentence("") == expected)
        #expect(sentence("\u{FEFF}") == expected)
    }

    @Test("A row with too many or too few fields")
    func ragged() {
        #expect(sentence("a,b\n1,2\n3,4,5\n") == "line 3, column 5: this row has 3 fields, but the header has 2 (a, b). A field that holds the delimiter needs quotes around it.")
        #expect(sentence("a,b\n1\n").hasPrefix("line 2, column 2: this row has 1 field, but the header has 2"))
        #expect(sentence("a,b\n\"x\ny\",2\n\"é\"\n").hasPrefix("line 4, column 4: this row has 1 field"))
        #expect(sentence("a,b\n1,2,").hasPrefix("line 2, column 5: this row has 3 fields"))
    }

    @Test("A quote that is never closed, opened in the middle of a field, or followed by something")
    func quotes() {
        #expect(sentence("a,b\n1,\"x\n2,y\n") == "line 2, column 3: a quote is opened here and never closed.")
        #expect(sentence("a,b\n1,x\"y\"\n").hasPrefix("line 2, column 4: a quote stands inside a field that doesn't begin with one."))
        #expect(sentence("a,b\n\"x\"y,2\n").hasPrefix("line 2, column 4: a quoted field goes on behind its closing quote."))
    }

    @Test("Two columns of one name")
    func duplicates() {
        #expect(sentence("a,b,a\n") == "line 1, column 5: two columns are called \"a\": give one of them another name.")
    }

    @Test("Bytes that are not UTF-8")
    func encoding() {
        func error(_ bytes: [UInt8]) -> String {
            do {
                _ = try DataFrame(csv: bytes)
                return "no error"
            } catch { return "\(error)" }
        }
        #expect(error(Array("a,b\nü,".utf8) + [0xE9, 0x0A]) == "line 2, column 3: the byte 0xE9 is not UTF-8 text. Save the file as UTF-8.")
        #expect(error([0xFF, 0xFE, 0x61, 0]).hasPrefix("This is UTF-16 text."))
    }

    @Test("A value that is not of the type that was asked for, and columns that don't exist")
    func wanted() {
        #expect(sentence("a,b\n1,x\n", types: ["b": .double]) == "line 2, column 3: \"x\" is not of type Double, which the column \"b\" is to have.")
        #expect(sentence("userId,b\n1,x\n", columns: ["userid"]) == "There is no column \"userid\". Did you mean \"userId\"? The data frame has \"userId\", \"b\".")
        #expect(sentence("a\n1\n", types: ["z": .int]).hasPrefix("There is no column \"z\"."))
    }

    @Test("A file that isn't there, or is a folder")
    func files() {
        let missing = #expect(throws: DataFrameError.self) { try DataFrame(contentsOfCSVFile: "/nowhere/ratings.csv") }
        #expect(missing?.description == "The file \"/nowhere/ratings.csv\" can't be opened: No such file or directory. Is its name spelled right, and is it in this folder?")
        let folder = #expect(throws: DataFrameError.self) { try DataFrame(contentsOfCSVFile: "/tmp") }
        #expect(folder?.description == "tmp: This is a folder. Expected a CSV file: name the file in it.")
    }

    @Test("A file's name stands before the place")
    func names() throws {
        let path = Scratch.path("ragged.csv")
        try FileBytes.write(Array("a,b\n1\n".utf8), to: path)
        let error = #expect(throws: DataFrameError.self) { try DataFrame(contentsOfCSVFile: path) }
        #expect(error?.source == "ragged.csv" && error?.line == 2 && error?.column == 2 && error?.kind == .ragged)
        #expect(error?.description.hasPrefix("ragged.csv, line 2, column 2: ") == true)
    }
}
