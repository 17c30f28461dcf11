namespace DeepNet.Tests.Golden;

internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Shapes => new()
    {
        ["reshape"] = One(c => c[0].Reshape(c.Case.Ints("shape"))),
        ["permute"] = One(c => c[0].Permute(c.Case.Ints("order"))),
        ["transpose"] = One(c => c[0].Transpose(c.Case.Int("first"), c.Case.Int("second"))),
        ["squeeze"] = One(c => c.Case.Has("axis") ? c[0].Squeeze(c.Axis) : c[0].Squeeze()),
        ["unsqueeze"] = One(c => c[0].Unsqueeze(c.Axis)),
        ["expand"] = One(c => c[0].Expand(c.Case.Ints("shape"))),
        ["narrow"] = One(c => c[0].Narrow(c.Axis, c.Case.Int("start"), c.Case.Int("length"))),
        ["flip"] = One(c => c[0].Flip(c.Axes)),
        ["roll"] = One(c => c[0].Roll(c.Case.Int("shift"), c.Axis)),
        ["repeat"] = One(c => c[0].Repeat(c.Case.Ints("repeats"))),
        ["diagonal"] = One(c => c[0].Diagonal(c.Case.Int("offset"), c.Case.Int("axis1"), c.Case.Int("axis2"))),
        ["tril"] = One(c => c[0].Tril(c.Case.Int("offset"))),
        ["triu"] = One(c => c[0].Triu(c.Case.Int("offset"))),

        ["cat"] = One(c => Tensor.Cat(c.Inputs, c.Axis)),
        ["stack"] = One(c => Tensor.Stack(c.Inputs, c.Axis)),
        ["split"] = c => c[0].Split(c.Case.Ints("sizes"), c.Axis),
        ["split_size"] = c => c[0].Split(c.Case.Int("size"), c.Axis),
        ["chunk"] = c => c[0].Chunk(c.Case.Int("chunks"), c.Axis),
        ["pad"] = One(Pad),
    };

    private static Tensor Pad(GoldenCall c)
    {
        var mode = Enum.Parse<PadMode>(c.Case.Text("mode"), ignoreCase: true);
        // PyTorch names the last axis first.
        int[] pads = c.Case.Ints("pads");
        var lengths = new (int Before, int After)[pads.Length / 2];
        for (int i = 0; i < lengths.Length; i++) lengths[^(i + 1)] = (pads[2 * i], pads[2 * i + 1]);
        return c[0].Pad(lengths, mode, c.Case.Number("value", 0));
    }
}
