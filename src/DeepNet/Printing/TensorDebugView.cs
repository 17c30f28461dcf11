namespace DeepNet.Printing;

/// <summary>What a debugger lists when a tensor is unfolded.</summary>
/// <param name="tensor">The tensor.</param>
internal sealed class TensorDebugView(Tensor tensor)
{
    public Shape Shape => tensor.Shape;
    public DType DType => tensor.DType;
    public Device Device => tensor.Device;
    public string Values => tensor.Storage.IsReleased ? "released" : tensor.ToString();
    public bool RequiresGrad => tensor.RequiresGrad;
    public Tensor? Grad => SparseGrad is null ? tensor.Grad : null;
    public SparseGradient? SparseGrad => tensor.SparseGrad;
    public Node? GradNode => tensor.GradNode;
}
