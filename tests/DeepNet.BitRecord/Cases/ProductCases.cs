using DeepNet.Nn;

namespace DeepNet.BitRecord.Cases;

/// <summary>Matrix products of odd sizes, transposed, strided, in batches; and linear layers with what follows them.</summary>
internal static class ProductCases
{
    private static readonly (int M, int K, int N)[] Sizes =
    [
        (1, 1, 1), (1, 5, 3), (3, 7, 5), (8, 8, 8), (17, 19, 23), (31, 33, 65), (64, 64, 64), (65, 70, 33), (127, 129, 131), (1, 2000, 700),
        (3, 2000, 700), (700, 2000, 2), (257, 300, 129), (1500, 700, 1), (9, 20_000, 8), (400, 257, 63), (5, 1, 1000), (100, 784, 128),
    ];

    public static void Record(Recorder recorder)
    {
        foreach (var dtype in Values.FloatsAndHalves)
        {
            foreach (var (m, k, n) in Sizes)
            {
                string name = $"{m} x {k} x {n}, {dtype}";
                Tensor a = Values.Of(dtype, m, k), b = Values.Of(dtype, k, n);
                recorder.Run(name, x => x[0].MatMul(x[1]), a, b);
                recorder.Run($"{name}, transposed", x => x[0].T.MatMul(x[1].T), a.T.Contiguous(), b.T.Contiguous());
                if (dtype is DType.Float16 or DType.BFloat16) continue;
                recorder.Run($"{name}, right transposed", x => x[0].MatMul(x[1].T), a, b.T.Contiguous());
                recorder.Run($"{name}, strided", x => x[0].MatMul(x[1]), Values.Strided(a), Values.Strided(b));
                Linear(recorder, $"{name}, linear", k, n, a);
            }
            recorder.Run($"batched, {dtype}", x => x[0].MatMul(x[1]), Values.Of(dtype, 9, 65, 70), Values.Of(dtype, 9, 70, 33));
            recorder.Run($"batched by one, {dtype}", x => x[0].MatMul(x[1]), Values.Of(dtype, 9, 65, 70), Values.Of(dtype, 70, 33));
            recorder.Run($"one by batched, {dtype}", x => x[0].MatMul(x[1]), Values.Of(dtype, 13, 7), Values.Of(dtype, 2, 5, 7, 11));
            recorder.Run($"vectors, {dtype}", x => x[0].Dot(x[1]), Values.Of(dtype, 1031), Values.Of(dtype, 1031));
            recorder.Run($"outer, {dtype}", x => x[0].Outer(x[1]), Values.Of(dtype, 131), Values.Of(dtype, 67));
            recorder.Run($"einsum, {dtype}",
                x => Tensor.Einsum("bij,bkj->bik", x[0], x[1]), Values.Of(dtype, 5, 17, 19), Values.Of(dtype, 5, 11, 19));
        }
    }

    private static void Linear(Recorder recorder, string name, int inputs, int outputs, Tensor x)
    {
        recorder.Layer(name, () => new Linear(inputs, outputs), x);
        recorder.Layer($"{name}, without bias", () => new Linear(inputs, outputs, bias: false), x);
        recorder.Layer($"{name}, then ReLU", () => new Linear(inputs, outputs), x, y => y.Relu());
        recorder.Layer($"{name}, ReLU layer", () => new Linear(inputs, outputs, activation: new Relu()), x);
        recorder.Layer($"{name}, GELU layer", () => new Linear(inputs, outputs, activation: new Gelu()), x);
        recorder.Layer($"{name}, tanh layer", () => new Linear(inputs, outputs, activation: new Tanh()), x);
    }
}
