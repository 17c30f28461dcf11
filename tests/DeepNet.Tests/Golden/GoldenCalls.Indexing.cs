namespace DeepNet.Tests.Golden;

internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Indexing => new()
    {
        ["slice"] = One(c => Slices[c.Case.Text("index")](c[0])),
        ["index"] = One(c => c[0][c[1]]),
        ["index_pair"] = One(c => c[0][c[1], c[2]]),
        ["index_after_slice"] = One(c => c[0][.., c[1]]),
        ["mask"] = One(c => c[0][c[1]]),
        ["gather"] = One(c => c[0].Gather(c.Axis, c[1])),
        ["scatter"] = One(c => c[0].Scatter(c.Axis, c[1], c[2])),
        ["scatter_add"] = One(c => c[0].ScatterAdd(c.Axis, c[1], c[2])),
        ["index_select"] = One(c => c[0].IndexSelect(c.Axis, c[1])),
        ["masked_fill"] = One(c => c[0].MaskedFill(c[1], c.Case.Number("value"))),
        ["masked_select"] = One(c => c[0].MaskedSelect(c[1])),
        ["nonzero"] = One(c => c[0].NonZero()),
        ["embedding"] = One(c => Tensor.Embedding(c[0], c[1])),
        ["one_hot"] = One(c => c[0].OneHot(c.Case.Int("classes"), DType.Int64)),
    };

    private static Dictionary<string, Func<Tensor, Tensor>> Slices => new()
    {
        ["[1]"] = t => t[1],
        ["[^1]"] = t => t[^1],
        ["[1..3]"] = t => t[1..3],
        ["[1..3, ^1]"] = t => t[1..3, ^1],
        ["[.., 2]"] = t => t[.., 2],
        ["[..., 0]"] = t => t[Tensor.Ellipsis, 0],
        ["[new, 1]"] = t => t[Tensor.NewAxis, 1],
        ["[.., new, 2..^1]"] = t => t[.., Tensor.NewAxis, 2..^1],
        ["[0, 1, 2]"] = t => t[0, 1, 2],
        ["[2..2]"] = t => t[2..2],
    };
}
