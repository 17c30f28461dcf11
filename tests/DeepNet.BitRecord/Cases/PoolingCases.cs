namespace DeepNet.BitRecord.Cases;

/// <summary>Pooling of odd sizes, in both layouts.</summary>
internal static class PoolingCases
{
    public static void Record(Recorder recorder)
    {
        foreach (var dtype in Values.FloatsAndHalves)
            foreach (var (n, c, h, w) in new[] { (1, 1, 7, 7), (2, 16, 28, 28), (3, 17, 15, 33), (2, 33, 9, 8) })
                foreach (bool last in new[] { false, true })
                {
                    var x = Values.Of(dtype, n, c, h, w);
                    Pool(recorder, $"of {n} {c} {h} {w}, {dtype}{(last ? ", channels last" : "")}", last ? Values.ChannelsLast(x) : x);
                }
        foreach (var dtype in Values.Floats)
        {
            recorder.Run($"maximum of 1 axis, {dtype}", x => x[0].MaxPool1d(3, 2, 1), Values.Of(dtype, 3, 5, 101));
            recorder.Run($"average of 1 axis, {dtype}", x => x[0].AvgPool1d(3, 2, 1), Values.Of(dtype, 3, 5, 101));
        }
    }

    private static void Pool(Recorder recorder, string ending, Tensor x)
    {
        recorder.Run($"maximum {ending}", t => t[0].MaxPool2d(2), x);
        recorder.Run($"maximum of a tie {ending}", t => t[0].Round().MaxPool2d(2), x);
        recorder.Run($"overlapping maximum {ending}", t => t[0].MaxPool2d(3, 2, 1), x);
        recorder.Run($"dilated maximum {ending}", t => t[0].MaxPool2d(2, 1, 0, 3, ceilMode: true), x);
        recorder.Run($"indices of the maximum {ending}", t => t[0].MaxPool2dWithIndices(3, 2, 1).Item2, x);
        recorder.Run($"average {ending}", t => t[0].AvgPool2d(2), x);
        recorder.Run($"overlapping average {ending}", t => t[0].AvgPool2d(3, 2, 1, ceilMode: true, countIncludePad: false), x);
        recorder.Run($"adaptive maximum {ending}", t => t[0].AdaptiveMaxPool2d((3, 2)), x);
        recorder.Run($"adaptive average {ending}", t => t[0].AdaptiveAvgPool2d((3, 2)), x);
        recorder.Run($"global average {ending}", t => t[0].Mean([2, 3]), x);
    }
}
