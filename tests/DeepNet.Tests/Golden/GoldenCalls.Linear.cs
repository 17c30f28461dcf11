namespace DeepNet.Tests.Golden;

internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Linear => new()
    {
        ["matmul"] = One(c => (c.Case.Flag("left") ? c[0].T : c[0]).MatMul(c.Case.Flag("right") ? c[1].T : c[1])),
        ["dot"] = One(c => c[0].Dot(c[1])),
        ["outer"] = One(c => c[0].Outer(c[1])),
        ["einsum"] = One(c => Tensor.Einsum(c.Case.Text("equation"), c.Inputs)),

        ["conv1d"] = One(c => c[0].Conv1d(c[1], Bias(c), One(c, "stride", 1), One(c, "padding", 0), One(c, "dilation", 1), Groups(c))),
        ["conv2d"] = One(c => c[0].Conv2d(c[1], Bias(c), Two(c, "stride", 1), Two(c, "padding", 0), Two(c, "dilation", 1), Groups(c))),
        ["conv_transpose2d"] = One(
            c => c[0].ConvTranspose2d(
                c[1], Bias(c), Two(c, "stride", 1), Two(c, "padding", 0), Two(c, "outputPadding", 0), Two(c, "dilation", 1), Groups(c))),
        ["max_pool2d"] = One(c => c[0].MaxPool2d(Kernel(c), Stride(c), Two(c, "padding", 0), Two(c, "dilation", 1))),
        ["avg_pool2d"] = One(
            c => c[0].AvgPool2d(Kernel(c), Stride(c), Two(c, "padding", 0), countIncludePad: c.Case.Flag("countPadding", otherwise: true))),
        ["adaptive_avg_pool2d"] = One(c => c[0].AdaptiveAvgPool2d(Two(c, "size", 1))),
        ["adaptive_max_pool2d"] = One(c => c[0].AdaptiveMaxPool2d(Two(c, "size", 1))),
    };

    private static Tensor? Bias(GoldenCall c) => c.Has(2) ? c[2] : null;

    private static int Groups(GoldenCall c) => c.Case.Has("groups") ? c.Case.Int("groups") : 1;

    private static int One(GoldenCall c, string name, int otherwise) => c.Case.Has(name) ? c.Case.Int(name) : otherwise;

    private static Pair Two(GoldenCall c, string name, int otherwise)
    {
        int[] given = c.Case.Ints(name, otherwise, otherwise);
        return (given[0], given[1]);
    }

    private static Pair Kernel(GoldenCall c) => Two(c, "kernel", 1);

    private static Pair? Stride(GoldenCall c) => c.Case.Has("stride") ? Two(c, "stride", 1) : null;
}
