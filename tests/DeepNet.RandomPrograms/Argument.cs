using System.Globalization;
using DeepNet.Nn;

namespace DeepNet.RandomPrograms;

/// <summary>A result of an earlier step: the whole of it, or one of several tensors.</summary>
internal readonly record struct Var(int Step, int Part);

/// <summary>A generator of random numbers that is made anew for each call.</summary>
internal readonly record struct Seed(int Value);

/// <summary>A mask of attention from what is added to its scores, alone or with a further one.</summary>
internal sealed record MaskOf(Var Scores, MaskKind Kind);

/// <summary>The masks that need no tensor.</summary>
internal enum MaskKind { None, Alibi, Causal }

/// <summary>The element type of the run.</summary>
internal sealed record RunType;

/// <summary>A choice of arguments in the form that a step keeps, its value for a call, and its C# text.</summary>
internal static class Argument
{
    public static object? ToValue(object? argument, Type type, Func<Var, Tensor> look, DType run) => argument switch
    {
        Var v when type == typeof(TensorIndex) => (TensorIndex)look(v),
        Var v => look(v),
        Var[] vs => vs.Select(look).ToArray(),
        Seed s => new Generator((ulong)s.Value),
        RunType => run,
        MaskOf m => ToMask(AttentionMask.Add(look(m.Scores)), m.Kind),
        LayerOptions o => o.ToOptions(),
        NewLayer layer when type == typeof(Formula) => ((Activation)layer.Make()).Formula,
        NewLayer layer => layer.Make(),
        NewLayers layers => layers.Items.Select(l => l.Make()).ToArray(),
        object[] parts => parts.Select(p => (TensorIndex)ToValue(p, typeof(TensorIndex), look, run)!).ToArray(),
        Range r => (TensorIndex)r,
        int[] lengths when type == typeof(Shape) => new Shape(lengths),
        int n when type == typeof(TensorIndex) => (TensorIndex)n,
        int n when Is(type, typeof(Pair)) => (Pair)n,
        int n when Is(type, typeof(Triple)) => (Triple)n,
        int n when type == typeof(Padding) => (Padding)n,
        (int h, int w) when Is(type, typeof(Pair)) => new Pair(h, w),
        (int h, int w) when type == typeof(Padding) => (Padding)(h, w),
        int n when type == typeof(Scalar) => (Scalar)n,
        int n when type == typeof(long) => (long)n,
        int n when Is(type, typeof(double)) => (double)n,
        double d when type == typeof(Scalar) => (Scalar)d,
        null when type == typeof(Padding) => default(Padding),
        _ => argument,
    };

    private static AttentionMask ToMask(AttentionMask mask, MaskKind kind) => kind switch
    {
        MaskKind.Alibi => mask & AttentionMask.Alibi,
        MaskKind.Causal => mask & AttentionMask.Causal,
        _ => mask,
    };

    private static bool Is(Type type, Type wanted) => type == wanted || Nullable.GetUnderlyingType(type) == wanted;

    public static IEnumerable<Var> Vars(object? argument) => argument switch
    {
        Var v => [v],
        Var[] vs => vs,
        MaskOf m => [m.Scores],
        object[] parts => parts.SelectMany(Vars),
        _ => [],
    };

    public static object? Replace(object? argument, Func<Var, Var> by) => argument switch
    {
        Var v => by(v),
        Var[] vs => vs.Select(by).ToArray(),
        MaskOf m => m with { Scores = by(m.Scores) },
        object[] parts => parts.Select(p => Replace(p, by)!).ToArray(),
        _ => argument,
    };

    public static string ToCode(object? argument, Type type, Func<Var, string> name) => argument switch
    {
        null => type == typeof(Padding) ? "default" : "null",
        Var v => name(v),
        Var[] vs => $"[{string.Join(", ", vs.Select(name))}]",
        MaskOf m => $"AttentionMask.Add({name(m.Scores)}){(m.Kind == MaskKind.None ? "" : $" & AttentionMask.{m.Kind}")}",
        Seed s => $"new Generator({s.Value})",
        RunType => "type",
        NewLayers layers => $"[{string.Join(", ", layers.Items.Select(l => l.ToCode()))}]",
        NewLayer layer => layer.ToCode(),
        bool b => b ? "true" : "false",
        double d => Number(d),
        string s => $"\"{s}\"",
        object[] parts => string.Join(", ", parts.Select(p => ToCode(p, typeof(TensorIndex), name))),
        int[] lengths when type == typeof(Shape) => lengths.Length == 0 ? "Shape.Scalar" : $"new Shape({string.Join(", ", lengths)})",
        int[] numbers => $"[{string.Join(", ", numbers)}]",
        double[] numbers => $"[{string.Join(", ", numbers.Select(Number))}]",
        (int, int)[] pairs => $"[{string.Join(", ", pairs)}]",
        Enum e => $"{e.GetType().Name}.{e}",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => argument.ToString()!,
    };

    private static string Number(double d)
    {
        string text = d.ToString("R", CultureInfo.InvariantCulture);
        if (double.IsInfinity(d)) return d > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        return text.AsSpan().ContainsAny(".E") ? text : text + ".0";
    }
}
