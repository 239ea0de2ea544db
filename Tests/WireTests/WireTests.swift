import Foundation
import Testing
import Tiers
import Wire

@Suite struct WireTests {
    @Test("Frames come out as they went in, in whatever pieces the bytes arrive")
    func reassembles() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<rounds(50) {
            let frames = try (0..<5).map { number in
                try Frame(SessionReport.answer(.json("[\(number)]", type: "Int")), attachment: (0..<Int.random(in: 0...3_000, using: &random)).map { UInt8(truncatingIfNeeded: $0) })
            }
            var bytes = frames.flatMap(\.bytes)[...]
            var reader = FrameReader(), received: [Frame] = []
            while !bytes.isEmpty {
                let piece = bytes.prefix(Int.random(in: 1...700, using: &random))
                bytes = bytes.dropFirst(piece.count)
                reader.append(piece)
                while let frame = try reader.next() { received.append(frame) }
            }
            #expect(received == frames)
        }
    }

    @Test("A length beyond the limit is refused before its bytes are waited for")
    func refusesLongFrames() throws {
        var reader = FrameReader(limits: FrameLimits(header: 100, attachment: 100))
        reader.append([101, 0, 0, 0, 0, 0, 0, 0])
        #expect(throws: WireError.tooLong(part: "header", length: 101, limit: 100)) { try reader.next() }
        var other = FrameReader(limits: FrameLimits(header: 100, attachment: 100))
        other.append([1, 0, 0, 0, 255, 255, 255, 255])
        #expect(throws: WireError.tooLong(part: "attachment", length: 4_294_967_295, limit: 100)) { try other.next() }
    }

    @Test("Bytes that are no message are an error, never a crash")
    func survivesNoise() {
        var generator = SeededGenerator(state: 7)
        for _ in 0..<rounds(2_000) {
            var reader = FrameReader(limits: FrameLimits(header: 64, attachment: 64))
            let noise = (0..<Int.random(in: 0...40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            reader.append([UInt8(noise.count), 0, 0, 0, 0, 0, 0, 0] + noise)
            #expect(throws: WireError.self) { _ = try reader.next()?.message(SessionReport.self) }
        }
    }

    @Test("Numbers that JSON lacks cross too")
    func crossesInfinity() throws {
        let frame = try Frame([Double.infinity, -.infinity, 1.5])
        #expect(try frame.message([Double].self) == [Double.infinity, -.infinity, 1.5])
    }
}

struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
