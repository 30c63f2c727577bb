"""The materials, as GLSL: one vertex shader for everything that is posed on the CPU, one fragment shader a material.

Light is computed in linear values and written as sRGB. Skin's sub-surface scattering is a diffuse term that wraps
further round the shape in red than in blue; nothing here is physically exact, it has to be cheap on two cores.
"""

from __future__ import annotations

_HEAD = "#version 330\n"

_LIGHT = """
uniform vec3 key_dir; uniform vec3 key_colour;
uniform vec3 fill_dir; uniform vec3 fill_colour;
uniform vec3 rim_dir; uniform vec3 rim_colour;
uniform vec3 sky_colour; uniform vec3 ground_colour;
uniform float exposure;

// Software drawing pays for every pow: squares stand in for gamma, polynomials for other powers.
vec3 wrapped(vec3 n, vec3 l, vec3 wrap) {
    vec3 x = clamp((vec3(dot(n, l)) + wrap) / (1.0 + wrap), 0.0, 1.0);
    return x * (0.65 + 0.35 * x);
}
float glint(vec3 n, vec3 l, vec3 v, float sharp) {
    vec3 h = normalize(l + v);
    float grazing = 1.0 - max(dot(v, h), 0.0), square = grazing * grazing;
    float f = 0.04 + 0.96 * square * square * grazing;
    return f * (sharp + 8.0) / 25.0 * exp2(sharp * 1.4427 * (max(dot(n, h), 0.0) - 1.0)) * max(dot(n, l), 0.0);
}
vec3 ambient(vec3 n) { return mix(ground_colour, sky_colour, 0.5 + 0.5 * n.y); }
vec3 linear(vec3 c) { return c * c; }
vec3 shown(vec3 c) {
    c *= exposure;
    c = c * (1.0 + c * 0.15) / (1.0 + c * 0.55);   // a soft shoulder instead of burnt highlights
    return sqrt(clamp(c, 0.0, 1.0));
}
"""

_NOISE = """
float hash(vec2 p) { p = fract(p * vec2(123.34, 456.21)); p += dot(p, p + 45.32); return fract(p.x * p.y); }
float noise(vec2 p) {
    vec2 i = floor(p), f = fract(p); f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y);
}
"""

MESH_VERTEX = (
    _HEAD
    + """
uniform mat4 projection;
in vec3 place; in vec3 normal; in vec2 uv; in vec3 rest; in vec4 extra;
out vec3 v_place; out vec3 v_normal; out vec2 v_uv; out vec3 v_rest; out vec4 v_extra;
void main() {
    v_place = place; v_normal = normal; v_uv = uv; v_rest = rest; v_extra = extra;
    gl_Position = projection * vec4(place, 1.0);
}
"""
)

# `extra` holds: how open to the sky, how covered by hair, how long the hair is, how much of the key light arrives.
_IN = "in vec3 v_place; in vec3 v_normal; in vec2 v_uv; in vec3 v_rest; in vec4 v_extra; out vec4 colour;\n"

SKIN_FRAGMENT = (
    _HEAD
    + _IN
    + _LIGHT
    + """
uniform sampler2D skin; uniform vec3 tint; uniform vec3 hair_colour; uniform float oil;
void main() {
    vec3 n = normalize(v_normal), v = normalize(-v_place);
    vec3 albedo = linear(texture(skin, vec2(v_uv.x * 0.5, v_uv.y)).rgb) * tint;
    float shade = mix(0.25, 1.0, v_extra.x);
    albedo = mix(albedo, hair_colour * 0.8, clamp(v_extra.y * 1.6 + 0.12, 0.0, 0.92));
    float lit = v_extra.w;
    vec3 wrap = vec3(0.34, 0.24, 0.20);
    vec3 light = key_colour * wrapped(n, key_dir, wrap) * mix(vec3(0.34, 0.27, 0.25), vec3(1.0), lit)
               + fill_colour * wrapped(n, fill_dir, vec3(0.5)) * shade
               + rim_colour * max(dot(n, rim_dir), 0.0)
               + ambient(n) * mix(vec3(shade), vec3(1.0, shade, shade), 0.15);
    vec3 c = albedo * light;
    vec3 shine = key_colour * glint(n, key_dir, v, 22.0) * lit + fill_colour * glint(n, fill_dir, v, 14.0)
               + rim_colour * glint(n, rim_dir, v, 18.0);
    c += shine * oil * shade * (1.0 - clamp(v_extra.y * 2.0, 0.0, 1.0));
    colour = vec4(shown(c), 1.0);
}
"""
)

MOUTH_FRAGMENT = (
    _HEAD
    + _IN
    + _LIGHT
    + """
uniform vec3 base; uniform float gloss; uniform float depth_from; uniform float depth_to; uniform float lip_open;
void main() {
    vec3 n = normalize(v_normal), v = normalize(-v_place);
    float deep = smoothstep(depth_to, depth_from, v_rest.z) * smoothstep(3.4, 1.4, abs(v_rest.x));  // dark inside
    float shade = mix(0.03, 0.70, deep * deep) * mix(0.55, 1.0, lip_open);
    vec3 light = key_colour * wrapped(n, key_dir, vec3(0.6)) * 0.8 + fill_colour * wrapped(n, fill_dir, vec3(0.6))
               + ambient(n);
    vec3 c = base * light * shade;
    c += (key_colour * glint(n, key_dir, v, 40.0) + fill_colour * glint(n, fill_dir, v, 30.0)) * gloss * shade;
    colour = vec4(shown(c), 1.0);
}
"""
)

EYE_VERTEX = (
    _HEAD
    + """
uniform mat4 projection; uniform mat3 turn; uniform vec3 centre; uniform float radius;
in vec3 way;
out vec3 v_place; out vec3 v_way;
void main() {
    float bulge = 1.0 + 0.045 * smoothstep(0.42, 0.0, acos(clamp(way.z, -1.0, 1.0)));
    v_way = way;
    v_place = centre + turn * (way * radius * bulge);
    gl_Position = projection * vec4(v_place, 1.0);
}
"""
)

EYE_FRAGMENT = (
    _HEAD
    + "in vec3 v_place; in vec3 v_way; out vec4 colour;\n"
    + _LIGHT
    + _NOISE
    + """
uniform mat3 turn; uniform vec3 centre; uniform vec3 iris; uniform float pupil; uniform vec3 head_up;
uniform float size;
void main() {
    vec3 w = normalize(v_way), v = normalize(-v_place), n = normalize(v_place - centre);
    float a = acos(clamp(w.z, -1.0, 1.0)), turnabout = atan(w.y, w.x), ring = a / size;
    vec3 white = vec3(0.52, 0.49, 0.47) - vec3(0.0, 0.12, 0.12) * smoothstep(0.55, 1.1, a)
               - vec3(0.01, 0.05, 0.05) * noise(vec2(turnabout * 9.0, a * 22.0)) * smoothstep(0.45, 0.9, a);
    float fibre = noise(vec2(turnabout * 12.0, ring * 2.5)) * 0.6 + noise(vec2(turnabout * 34.0, ring * 4.0)) * 0.4;
    vec3 inner = iris * (0.7 + 0.6 * fibre) * mix(1.3, 0.85, smoothstep(pupil, 0.9, ring));
    inner = mix(inner, iris * 0.18, smoothstep(0.72, 1.02, ring));
    inner = mix(vec3(0.004), inner, smoothstep(pupil - 0.06, pupil + 0.06, ring));
    vec3 albedo = mix(inner, white, smoothstep(0.92, 1.12, ring));
    float inside = smoothstep(1.15, 0.95, ring);
    // The dome of the cornea leans the normal away from the middle; the mirror image of the lamp sits on it.
    vec3 dome = normalize(n + inside * (n - turn * vec3(0.0, 0.0, 1.0)) * 1.1);
    float lid = 1.0 - 0.6 * smoothstep(-0.02, 0.38, dot(n, head_up));
    vec3 light = key_colour * wrapped(n, key_dir, vec3(0.6)) * 0.75 + fill_colour * wrapped(n, fill_dir, vec3(0.5))
               + ambient(n) * 0.75;
    vec3 c = albedo * light * lid;
    vec3 r = reflect(-v, dome);
    float lamp = smoothstep(0.90, 0.96, dot(r, key_dir)), window = smoothstep(0.88, 0.98, dot(r, fill_dir));
    vec3 mirrored = key_colour * lamp * 1.1 + fill_colour * window * 0.35 + ambient(dome) * 0.025;
    c += mirrored * mix(0.12, 1.0, inside) * mix(0.6, 1.0, lid);
    colour = vec4(shown(c), 1.0);
}
"""
)

OCCLUSION_FRAGMENT = (
    _HEAD
    + _IN
    + """
void main() {
    float upper = smoothstep(0.45, 1.0, v_uv.y), lower = smoothstep(0.25, 0.0, v_uv.y);
    colour = vec4(0.06, 0.02, 0.015, 0.6 * upper + 0.35 * lower);
}
"""
)

LASH_FRAGMENT = (
    _HEAD
    + _IN
    + _NOISE
    + """
void main() {
    // Three strips an eye for the upper lashes, three for the lower, one below the other in the texture.
    float strip = floor((1.0 - v_uv.y) * 6.0);
    float along = clamp(fract((0.992 - v_uv.y) / 0.1662) / 0.86, 0.0, 1.0);
    float lash = noise(vec2(v_uv.x * 90.0 + along * 1.5, strip * 7.0));
    float reach = along / (0.55 + 0.45 * lash);
    float strength = strip < 2.5 ? 0.62 : 0.20;
    colour = vec4(0.035, 0.025, 0.02, strength * (0.35 + 0.65 * lash) * clamp(1.0 - reach, 0.0, 1.0));
}
"""
)

HAIR_VERTEX = (
    _HEAD
    + """
uniform mat4 projection; uniform float shell; uniform float lift; uniform mat3 head_turn; uniform vec3 pole;
in vec3 place; in vec3 normal; in vec3 rest; in vec4 extra;
out vec3 v_place; out vec3 v_normal; out vec3 v_rest; out vec3 v_cover; out vec3 v_flow;
void main() {
    vec3 flow = normalize(head_turn * normalize(rest - pole));
    flow = normalize(flow - normal * dot(flow, normal) + vec3(1e-4));
    v_flow = flow; v_normal = normal; v_rest = rest; v_cover = extra.yxw;
    v_place = place + normal * (lift + shell * extra.z);
    gl_Position = projection * vec4(v_place, 1.0);
}
"""
)

HAIR_FRAGMENT = (
    _HEAD
    + "in vec3 v_place; in vec3 v_normal; in vec3 v_rest; in vec3 v_cover; in vec3 v_flow;\n"
    + "out vec4 colour;\n"
    + _LIGHT
    + """
uniform float shell; uniform vec3 hair_colour; uniform vec3 pole; uniform vec2 grain; uniform float rough;
uniform sampler2D strands;
void main() {
    vec3 d = v_rest - pole; float far = length(d); vec3 s = d / far;
    float around = atan(s.y, s.x) * 9.0 + s.z * 4.0;
    float strand = texture(strands, vec2(around * grain.x + shell * 1.1, far * grain.y - shell * 1.5) / 64.0).r;
    float lock = texture(strands, vec2(around * grain.x * 0.21, far * grain.y * 0.7 + 3.0) / 64.0).r;
    float tuft = texture(strands, vec2(around * grain.x * 0.06 + 9.0, far * grain.y * 0.35 + 31.0) / 64.0).r;
    float line = v_cover.x - 0.35 * strand - 0.25 * lock;               // hair thins out towards the hairline
    float grown = clamp(line * 2.2, 0.0, 1.0) * mix(0.85, 0.45 + 0.30 * lock + 0.25 * tuft, rough);
    float spare = min(line, grown * mix(1.1 - 0.15 * strand, 1.25 - 0.55 * strand, rough) - shell);
    float coverage = clamp(spare / max(fwidth(spare), 1e-4) + 0.5, 0.0, 1.0);   // of the samples of this pixel
    if (coverage <= 0.0) discard;
    vec3 n = normalize(v_normal), v = normalize(-v_place), t = normalize(v_flow + n * 0.5 * (lock - 0.5));
    float root = mix(1.0, mix(0.30, 1.0, clamp(shell / max(grown, 0.05), 0.0, 1.0)), clamp(line * 1.5, 0.0, 1.0));
    float down = root * (0.25 + 0.75 * lock + 0.45 * strand + 0.25 * tuft) * mix(0.4, 1.0, v_cover.y);
    float tk = dot(t, key_dir), along = sqrt(max(1.0 - tk * tk, 0.0));
    vec3 light = key_colour * (0.35 * along + 0.65 * wrapped(n, key_dir, vec3(0.3))) * mix(0.35, 1.0, v_cover.z)
               + fill_colour * wrapped(n, fill_dir, vec3(0.4)) + ambient(n) + rim_colour * max(dot(n, rim_dir), 0.0);
    vec3 h = normalize(key_dir + v);
    float th = dot(t, h) + 0.22 * (lock - 0.5), facing = clamp(dot(n, key_dir) + 0.25, 0.0, 1.0);
    float sheen = (exp2(-90.0 * th * th) * 0.6 + exp2(-18.0 * th * th) * 0.4) * facing;
    vec3 c = hair_colour * light * down
           + key_colour * sheen * (0.02 + 0.55 * hair_colour) * (0.4 + strand) * root * v_cover.z;
    colour = vec4(shown(c), coverage);
}
"""
)

CAP_FRAGMENT = (
    _HEAD
    + "in vec3 v_place; in vec3 v_normal; in vec3 v_rest; in vec3 v_cover; in vec3 v_flow;\n"
    + "out vec4 colour;\n"
    + _LIGHT
    + """
uniform vec3 hair_colour; uniform vec3 pole;
void main() {
    float coverage = clamp(v_cover.x / max(fwidth(v_cover.x), 1e-4) + 0.5, 0.0, 1.0);
    if (coverage <= 0.0) discard;
    vec3 d = v_rest - pole, n = normalize(v_normal), v = normalize(-v_place);
    float brim = step(v_cover.x, 0.97);
    float rib = abs(fract(atan(d.x, -d.z) * mix(11.0, 7.0, brim)) - 0.5) * 2.0;
    float row = abs(fract(length(d) * 2.2 + rib * 0.4) - 0.5) * 2.0;
    float fold = smoothstep(0.0, 0.06, abs(v_cover.x - 0.97)) * smoothstep(0.0, 0.10, v_cover.x);
    float weave = mix(0.72, 1.08, rib) * mix(0.92, 1.04, row) * mix(0.55, 1.0, fold);
    vec3 light = key_colour * wrapped(n, key_dir, vec3(0.25)) * mix(0.3, 1.0, v_cover.z)
               + fill_colour * wrapped(n, fill_dir, vec3(0.4)) + ambient(n) * mix(0.4, 1.0, v_cover.y)
               + rim_colour * max(dot(n, rim_dir), 0.0);
    float edge = 1.0 - max(dot(n, v), 0.0);
    colour = vec4(shown(hair_colour * light * (weave + 0.3 * edge * edge * edge)), coverage);
}
"""
)

CLOTH_FRAGMENT = (
    _HEAD
    + _IN
    + _LIGHT
    + """
uniform vec3 base; uniform float knit;
void main() {
    vec3 n = normalize(v_normal), v = normalize(-v_place);
    vec2 at = v_uv * knit;
    float row = abs(fract(at.x) - 0.5) * 2.0;
    float loop = abs(fract(at.y + row * 0.5) - 0.5) * 2.0;
    float weave = mix(0.91, 1.04, smoothstep(0.1, 0.9, loop) * (1.0 - 0.5 * row * row));
    float fold = 0.96 + 0.05 * sin(v_rest.x * 0.45 + v_rest.y * 0.3) * sin(v_rest.y * 0.4 + 1.0);
    float lit = v_extra.w;
    vec3 light = key_colour * wrapped(n, key_dir, vec3(0.25)) * mix(0.3, 1.0, lit)
               + fill_colour * wrapped(n, fill_dir, vec3(0.4)) + ambient(n)
               + rim_colour * max(dot(n, rim_dir), 0.0);
    float edge = 1.0 - max(dot(n, v), 0.0), fuzz = edge * edge * edge * 0.25;
    vec3 c = base * light * weave * fold * mix(0.3, 1.0, v_extra.x) + base * light * fuzz;
    colour = vec4(shown(c), 1.0);
}
"""
)

ROOM_VERTEX = (
    _HEAD
    + """
in vec2 corner; out vec2 v_uv;
void main() { v_uv = corner * 0.5 + 0.5; gl_Position = vec4(corner, 0.0, 1.0); }
"""
)

ROOM_FRAGMENT = (
    _HEAD
    + """
uniform sampler2D room; uniform float brightness;
in vec2 v_uv; out vec4 colour;
void main() {
    colour = vec4(texture(room, vec2(v_uv.x, 1.0 - v_uv.y)).rgb * sqrt(brightness), 1.0);
}
"""
)

DEPTH_FRAGMENT = _HEAD + "in vec3 v_place; void main() {}\n"

BAKE_VERTEX = (
    _HEAD
    + """
in vec2 uv; in vec2 source; in float trust;
out vec2 v_source; out float v_trust;
void main() {
    v_source = source; v_trust = trust;
    gl_Position = vec4(uv.x - 1.0, uv.y * 2.0 - 1.0, 0.0, 1.0);
}
"""
)

BAKE_FRAGMENT = (
    _HEAD
    + """
uniform sampler2D portrait;
in vec2 v_source; in float v_trust; out vec4 colour;
void main() { colour = vec4(texture(portrait, v_source).rgb, v_trust); }
"""
)
