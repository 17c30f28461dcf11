namespace DeepNet;

// The tensor as an interpreter of formulas: it records what a formula does, so that a derivative can be differentiated again.
public sealed partial class Tensor : INumber<Tensor>
{
    static Tensor INumber<Tensor>.Constant(double value) => Constant.Of(value);
    static Tensor INumber<Tensor>.Apply<TOp>(TOp op, Tensor x) => Elementwise.Apply(op, x);

    static Tensor INumber<Tensor>.Fma(Tensor a, Tensor b, Tensor c) => a * b + c;
    static Tensor INumber<Tensor>.Exp(Tensor x) => x.Exp();
    static Tensor INumber<Tensor>.Expm1(Tensor x) => x.Expm1();
    static Tensor INumber<Tensor>.Log(Tensor x) => x.Log();
    static Tensor INumber<Tensor>.Log1p(Tensor x) => x.Log1p();
    static Tensor INumber<Tensor>.Sin(Tensor x) => x.Sin();
    static Tensor INumber<Tensor>.Cos(Tensor x) => x.Cos();
    static Tensor INumber<Tensor>.Atan(Tensor x) => x.Atan();
    static Tensor INumber<Tensor>.Tanh(Tensor x) => x.Tanh();
    static Tensor INumber<Tensor>.Erf(Tensor x) => x.Erf();
    static Tensor INumber<Tensor>.Erfc(Tensor x) => x.Erfc();
    static Tensor INumber<Tensor>.NormalCdf(Tensor x) => x.NormalCdf();
    static Tensor INumber<Tensor>.Pow(Tensor a, Tensor b) => a.Pow(b);
    static Tensor INumber<Tensor>.Sqrt(Tensor x) => x.Sqrt();
    static Tensor INumber<Tensor>.Abs(Tensor x) => x.Abs();
    static Tensor INumber<Tensor>.Floor(Tensor x) => x.Floor();
    static Tensor INumber<Tensor>.Ceil(Tensor x) => x.Ceil();
    static Tensor INumber<Tensor>.Round(Tensor x) => x.Round();
    static Tensor INumber<Tensor>.Max(Tensor a, Tensor b) => a.Maximum(b);
    static Tensor INumber<Tensor>.Min(Tensor a, Tensor b) => a.Minimum(b);
    static Tensor INumber<Tensor>.IfGreater(Tensor p, Tensor q, Tensor a, Tensor b) => Constant.Choose(p > q, p, q, a, b);
    static Tensor INumber<Tensor>.IfEqual(Tensor p, Tensor q, Tensor a, Tensor b) => Constant.Choose(p.Equal(q), p, q, a, b);
}
