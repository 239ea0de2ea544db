import Foundation
import Processes
import Testing

@testable import Sandbox

@Suite struct AttackTests {
    static let arena = Result { try Arena() }

    @Test("What works in a careless place does not work in a box, and leaves nothing", arguments: Attack.all.filter { $0.name != Attack.daemon })
    func isHeld(_ attack: Attack) throws {
        let arena = try Self.arena.get()
        // A test that can't fail proves nothing: first it has to bite. That is for root, who may most.
        if getuid() == 0 {
            let control = try arena.control(attack)
            if control == .exited(Attack.absent) { return }
            #expect(control == (attack.isEndless ? nil : .exited(Attack.done)), "it does not bite")
        }
        try expectHeld(attack, of: Arena.sandbox.get())
        #expect(arena.process.isRunning)
    }

    @Test("A box of an ordinary user's, without control groups, holds them as well", .enabled(if: getuid() == 0), arguments: Attack.all.filter { $0.name != Attack.daemon })
    func isHeldForUser(_ attack: Attack) throws {
        let sandbox = try Arena.usersSandbox.get()
        #expect(sandbox.level == .measured)
        try expectHeld(attack, of: sandbox)
    }

    private func expectHeld(_ attack: Attack, of sandbox: Sandbox) throws {
        let end = try Self.arena.get().inBox(attack, of: sandbox)
        switch end.reason {
        case .exited(let status): #expect(!attack.isEndless && status != Attack.done, "it worked: status \(status)")
        // Ended from outside, for what it used.
        case .outOfTime, .outOfProcessorTime, .outOfMemory: break
        case .ended: Issue.record("nobody asked for its end")
        }
    }

    @Test("A daemon ends with its box, and outlives its parent elsewhere") func daemonsEnd() throws {
        let arena = try Self.arena.get(), attack = Attack(name: Attack.daemon, control: "host")
        let outside = try Descriptor.pipe(), inside = try Descriptor.pipe()
        let child = try ChildProcess(Arena.attacks, arena.arguments(attack), descriptors: [1: outside.writing.number])
        outside.writing.close()
        #expect(child.wait() == .exited(Attack.done))
        #expect(outside.reading.read() == Array("alive".utf8))

        let box = try Box(
            Arena.sandbox.get(), .session, limits: Arena.limits(for: attack), shows: [Shown(Arena.attacks, as: "/etude/attacks")],
            program: "/etude/attacks", arena.arguments(attack), descriptors: [1: inside.writing.number])
        inside.writing.close()
        try box.start()
        #expect(box.waitForEnd().reason == .exited(Attack.done))
        #expect(inside.reading.read() == [])
    }
}
