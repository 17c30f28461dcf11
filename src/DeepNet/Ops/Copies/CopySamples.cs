namespace DeepNet.Ops;

/// <summary>Samples of the copies that are composed of other operators.</summary>
internal sealed class CopySamples : ISampled
{
    public static IEnumerable<Sample> Samples =>
    [
        new("roll", x => x[0].Roll(2, 1), Sample.Values(2, 5)),
        new("roll of everything", x => x[0].Roll(-4), Sample.Values(2, 3)),
        new("repeat", x => x[0].Repeat(2, 1, 3), Sample.Values(2, 3)),
        new("repeat interleaved", x => x[0].RepeatInterleave(3, 0), Sample.Values(2, 3)),
        new("repeat interleaved by counts", x => x[0].RepeatInterleave(Tensor.From(2, 0, 1), 1), Sample.Values(2, 3)),
        new("pad", x => x[0].Pad([(1, 0), (2, 1)], value: 3), Sample.Values(2, 3)),
        new("pad that cuts", x => x[0].Pad([(-1, 2)]), Sample.Values(2, 3)),
        new("pad, reflected", x => x[0].Pad([(2, 1)], PadMode.Reflect), Sample.Values(2, 3)),
        new("pad, replicated", x => x[0].Pad([(0, 2), (3, 0)], PadMode.Replicate), Sample.Values(2, 2)),
        new("pad, circular", x => x[0].Pad([(2, 3)], PadMode.Circular), Sample.Values(2, 3)),
    ];
}
