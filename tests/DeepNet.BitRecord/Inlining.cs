using System.Diagnostics.Tracing;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace DeepNet.BitRecord;

/// <summary>
/// Asks the JIT what it did not inline into the loops of the kernels. Inlining stops without a word at 512 locals or when the budget of the
/// method is spent; a loop that calls its additions takes ten times as long, and computes the same.
/// </summary>
internal sealed class Inlining : EventListener
{
    private const EventKeywords JitTracing = (EventKeywords)0x1000;

    private const BindingFlags Everything = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly string[] Rooms = ["DeepNet.Devices.Cpu.", "DeepNet.CpuDevice", "DeepNet.Philox"];

    private readonly HashSet<(string Root, string Type, string Method, string Reason)> failures = [];
    private int count;

    /// <summary>Runs all cases and prints the loops that do not inline what asks for it; returns 0 if there are none.</summary>
    public static int Print()
    {
        string[] lines;
        using (var listener = new Inlining())
        {
            Recording.Run(TextWriter.Null, "");
            Overfull(1);
            lines = listener.Lines();
        }
        if (!lines.Any(line => line.Contains(nameof(Overfull), StringComparison.Ordinal)))
        {
            Console.WriteLine("The runtime gave no account: it does not even report the method that has too much to inline on purpose.");
            return 1;
        }
        lines = [.. lines.Where(line => !line.Contains(nameof(Overfull), StringComparison.Ordinal))];
        foreach (string line in lines) Console.WriteLine(line);
        Console.WriteLine($"{lines.Length} failures.");
        return lines.Length == 0 ? 0 : 1;
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(eventSource, EventLevel.Verbose, JitTracing);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("MethodJitInliningFailed", StringComparison.Ordinal) != true) return;
        string At(string name) => eventData.Payload![eventData.PayloadNames!.IndexOf(name)]?.ToString() ?? "";
        lock (failures)
        {
            count++;
            string reason = At("FailReason");
            if (reason is not ("too many locals" or "inline exceeds budget")) return;
            string root = $"{At("MethodBeingCompiledNamespace")}.{At("MethodBeingCompiledName")}";
            failures.Add((root, At("InlineeNamespace"), At("InlineeName"), reason));
        }
    }

    private string[] Lines()
    {
        // Events arrive a moment later, on a thread of the runtime.
        for (int before = -1; before != Volatile.Read(ref count); Thread.Sleep(300)) before = Volatile.Read(ref count);
        lock (failures)
            return [.. failures.Where(f => IsLoop(f.Root) && IsMarked(f.Type, f.Method))
                .Select(f => $"{f.Root} does not inline {f.Type}.{f.Method}: {f.Reason}").Order(StringComparer.Ordinal)];
    }

    private static bool IsLoop(string root)
        => root.EndsWith(nameof(Overfull), StringComparison.Ordinal)
            || Rooms.Any(room => root.StartsWith(room, StringComparison.Ordinal));

    /// <summary>
    /// True for a method of DeepNet or of the control that asks to be inlined. A generic type's name ends with its arguments.
    /// </summary>
    private static bool IsMarked(string type, string method)
    {
        string name = type.Contains('[', StringComparison.Ordinal) ? type[..type.IndexOf('[', StringComparison.Ordinal)] : type;
        return (typeof(Tensor).Assembly.GetType(name) ?? typeof(Inlining).Assembly.GetType(name)) is { } found
            && found.GetMembers(Everything).OfType<MethodBase>()
                .Any(m => m.Name == method && m.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveInlining));
    }

    // The control: 1024 calls to inline into one method.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int Overfull(int x) => Lots(Lots(Lots(Lots(x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Lots(int x) => Many(Many(Many(Many(x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Many(int x) => Some(Some(Some(Some(x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Some(int x) => Few(Few(Few(Few(x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Few(int x) => One(One(x)) + One(One(x + 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int One(int x) => x * x + 1;
}
