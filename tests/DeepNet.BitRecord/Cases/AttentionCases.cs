using DeepNet.Nn;

namespace DeepNet.BitRecord.Cases;

/// <summary>Attention with and without masks and dropout, and the layers made of it.</summary>
internal static class AttentionCases
{
    private static readonly (int Batch, int Heads, int Queries, int Keys, int Width)[] Sizes =
        [(1, 1, 1, 1, 1), (2, 3, 7, 9, 5), (3, 2, 131, 131, 17), (2, 4, 64, 64, 32), (1, 2, 33, 300, 64)];

    public static void Record(Recorder recorder)
    {
        foreach (var dtype in Values.FloatsAndHalves)
            foreach (var (batch, heads, queries, keys, width) in Sizes)
            {
                var q = Values.Of(dtype, batch, heads, queries, width);
                var k = Values.Of(dtype, batch, heads, keys, width);
                var v = k.Flip(2).Contiguous();
                Func<Tensor[], Tensor> attend = x => Attention.ScaledDotProduct(x[0], x[1], x[2]);
                string ending = $"of {batch} {heads} {queries} {keys} {width}, {dtype}";
                recorder.Run($"attention {ending}", attend, q, k, v);
                recorder.Run($"attention, strided {ending}", attend, Values.Strided(q), Values.Strided(k), Values.Strided(v));
                recorder.Run($"self-attention {ending}", x => Attention.ScaledDotProduct(x[0], x[0], x[0]), q);
                recorder.Run($"causal attention {ending}", x => Attention.ScaledDotProduct(x[0], x[0], x[0], isCausal: true), q);
                recorder.Run($"masked attention {ending}",
                    x => Attention.ScaledDotProduct(x[0], x[1], x[2], AttentionMask.Hide(Values.Mask(queries, keys))), q, k, v);
                recorder.Run($"attention of added scores {ending}",
                    x => Attention.ScaledDotProduct(x[0], x[1], x[2], AttentionMask.Add(x[3])),
                    q, k, v, Values.Of(dtype, heads, queries, keys));
                recorder.Run($"attention with dropout {ending}",
                    x => Attention.ScaledDotProduct(x[0], x[1], x[2], dropout: 0.2), q, k, v);
            }
        foreach (var dtype in Values.Floats)
        {
            var x = Values.Of(dtype, 3, 19, 24);
            recorder.Layer($"multi-head attention, {dtype}", () => new MultiHeadAttention(24, 4, batchFirst: true), x);
            recorder.Layer($"encoder layer, {dtype}", () => new TransformerEncoderLayer(new(24, 4, 50) { BatchFirst = true }), x);
            recorder.Layer($"encoder layer, norms first, {dtype}",
                () => new TransformerEncoderLayer(new(24, 4, 50) { BatchFirst = true, NormFirst = true, Dropout = 0 }), x);
            recorder.Layer($"positions, {dtype}", () => new PositionalEncoding(24), x);
        }
    }
}
