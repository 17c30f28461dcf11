using DeepNet.Ops;

namespace DeepNet;

// Half types on the processor: operands become float32, the float32 kernel runs, its result is rounded once. Products of large matrices go
// through in blocks and formulas in chunks that stay in the first cache; convolutions and attention have float32 copies while they run.
public sealed unsafe partial class CpuDevice
{
    /// <summary>Elements of both matrices up to which a product is widened as a whole.</summary>
    private const nint WholeProduct = 1 << 22;

    // A multiple of the depth that products are cut into anyway, so that blocks change no bit.
    private const int BlockDepth = 2048, BlockSide = 1024;

    private void MatMulHalves(Tensor a, Tensor b, Tensor c, bool accumulate, bool isTransposed, in Epilogue end)
    {
        if (a.Count + b.Count <= WholeProduct || a.Rank > 2 || b.Rank > 2 || c.Rank != 2)
        {
            Tensor wideA = Widened(a), wideB = Widened(b), sum = ToRound(c);
            if (accumulate && !ReferenceEquals(sum, c)) Copy(c, sum);
            MatMul(wideA, wideB, sum, accumulate, isTransposed, end);
            EndWidened(wideA, a);
            EndWidened(wideB, b);
            Round(sum, c);
            return;
        }
        (a, b) = (a.Detach(), isTransposed ? b.Detach().T : b.Detach());
        int m = a.Shape[0], k = a.Shape[1], n = b.Shape[1];
        for (int i = 0; i < m; i += BlockSide)
        {
            for (int j = 0; j < n; j += BlockSide)
            {
                int rows = Math.Min(BlockSide, m - i), columns = Math.Min(BlockSide, n - j);
                var part = c.Detach().Narrow(0, i, rows).Narrow(1, j, columns);
                var sum = Tensor.Allocate(new Shape(rows, columns), DType.Float32, this);
                if (accumulate) Copy(part, sum);
                for (int p = 0; p < k; p += BlockDepth)
                {
                    int depth = Math.Min(BlockDepth, k - p);
                    Tensor ofA = a.Narrow(0, i, rows).Narrow(1, p, depth), ofB = b.Narrow(0, p, depth).Narrow(1, j, columns);
                    Tensor wideA = Widened(ofA), wideB = Widened(ofB);
                    var bias = p > 0 ? null : end.Bias?.Detach().Narrow(0, j, columns);
                    MatMul(wideA, wideB, sum, accumulate || p > 0, end: new(bias, p + depth < k ? null : end.Activation));
                    wideA.Storage.Release();
                    wideB.Storage.Release();
                }
                Copy(sum, part);
                sum.Storage.Release();
            }
        }
    }

    private void ConvolveHalves(ConvolutionGeometry geometry, Tensor image, Tensor weight, Tensor result, in Epilogue end)
    {
        Tensor x = Widened(image), w = Widened(weight), y = ToRound(result);
        Convolve(geometry, x, w, y, end);
        EndWidened(x, image);
        EndWidened(w, weight);
        Round(y, result);
    }

    private void ConvolveImageHalves(ConvolutionGeometry geometry, Tensor result, Tensor weight, Tensor image)
    {
        Tensor y = Widened(result), w = Widened(weight), x = ToRound(image);
        ConvolveImage(geometry, y, w, x);
        EndWidened(y, result);
        EndWidened(w, weight);
        Round(x, image);
    }

    private void ConvolveWeightHalves(ConvolutionGeometry geometry, Tensor image, Tensor result, Tensor weight)
    {
        Tensor x = Widened(image), y = Widened(result), w = ToRound(weight);
        ConvolveWeight(geometry, x, y, w);
        EndWidened(x, image);
        EndWidened(y, result);
        Round(w, weight);
    }

    private void AttentionHalves(Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums)
    {
        Tensor wideQ = Widened(q), wideK = Widened(k), wideV = Widened(v), wideY = ToRound(y);
        Attention(wideQ, wideK, wideV, masks, rule, wideY, sums);
        EndWidened(wideQ, q);
        EndWidened(wideK, k);
        EndWidened(wideV, v);
        Round(wideY, y);
    }

    private void AttentionBackwardHalves(
        Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums, Tensor g, Tensor? dq, Tensor? dk,
        Tensor? dv, bool accumulate)
    {
        Tensor wideQ = Widened(q), wideK = Widened(k), wideV = Widened(v), wideY = Widened(y), wideG = Widened(g);
        Tensor? toQ = dq is null ? null : ToRound(dq), toK = dk is null ? null : ToRound(dk), toV = dv is null ? null : ToRound(dv);
        if (accumulate)
            foreach (var (wide, half) in ((Tensor?, Tensor?)[])[(toQ, dq), (toK, dk), (toV, dv)])
                if (wide is not null && !ReferenceEquals(wide, half)) Copy(half!, wide);
        AttentionBackward(wideQ, wideK, wideV, masks, rule, wideY, sums, wideG, toQ, toK, toV, accumulate);
        EndWidened(wideQ, q);
        EndWidened(wideK, k);
        EndWidened(wideV, v);
        EndWidened(wideY, y);
        EndWidened(wideG, g);
        if (dq is not null) Round(toQ!, dq);
        if (dk is not null) Round(toK!, dk);
        if (dv is not null) Round(toV!, dv);
    }
}
