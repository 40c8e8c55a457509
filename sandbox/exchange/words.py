"""Words that item names are made of. Real vocabulary of the four games, freely combined."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(";"))


EXTERIORS = ("Factory New", "Minimal Wear", "Field-Tested", "Well-Worn", "Battle-Scarred")

WEAPONS = _words(
    "AK-47;AUG;AWP;CZ75-Auto;Desert Eagle;Dual Berettas;FAMAS;Five-SeveN;G3SG1;Galil AR;Glock-18;M249;M4A1-S;M4A4;"
    "MAC-10;MAG-7;MP5-SD;MP7;MP9;Negev;Nova;P2000;P250;P90;PP-Bizon;R8 Revolver;SCAR-20;SG 553;SSG 08;Sawed-Off;"
    "Tec-9;UMP-45;USP-S;XM1014"
)
SKINS = _words(
    "Redline;Asiimov;Vulcan;Neon Rider;Cortex;Printstream;Elite Build;Blue Laminate;Jaguar;Wasteland Rebel;Cartel;"
    "Frontside Misty;Point Disarray;Orbit Mk01;Bloodsport;Neon Revolution;The Empress;Phantom Disruptor;Legion of "
    "Anubis;Ice Coaled;Slate;Nightwish;Head Shot;Safari Mesh;Urban DDPAT;Boreal Forest;Sand Dune;Forest Leaves;"
    "Case Hardened;Crimson Web;Blue Steel;Night Ops;Copper Galaxy;Kumicho Dragon;Golden Koi;Cyrex;Atomic Alloy;"
    "Hyper Beast;Icarus Fell;Chantico's Fire;Mecha Industries;Leaded Glass;Player Two;Control Panel;Monster Mashup;"
    "Mainframe;Imminent Danger;Emphorosaur;Chromatic Aberration;Containment Breach;Fade;Marble Fade;Water Elemental;"
    "Bullet Queen;Vogue;Snack Attack;Gamma Doppler Tide;Off World;Moonrise;Weasel;Royal Legion;Steel Disruption;"
    "Grinder;Twilight Galaxy;Catacombs;Candy Apple;Blue Fissure;Reactor;Dragon Tattoo;Death Rattle;Sacrifice;"
    "Oxide Blaze"
)
KNIVES = _words(
    "Bayonet;Bowie Knife;Butterfly Knife;Classic Knife;Falchion Knife;Flip Knife;Gut Knife;Huntsman Knife;Karambit;"
    "Kukri Knife;M9 Bayonet;Navaja Knife;Nomad Knife;Paracord Knife;Shadow Daggers;Skeleton Knife;Stiletto Knife;"
    "Survival Knife;Talon Knife;Ursus Knife"
)
FINISHES = _words(
    "Autotronic;Black Laminate;Blue Steel;Boreal Forest;Bright Water;Case Hardened;Crimson Web;Damascus Steel;"
    "Forest DDPAT;Freehand;Lore;Marble Fade;Night;Night Stripe;Rust Coat;Safari Mesh;Scorched;Slaughter;Stained;"
    "Tiger Tooth;Ultraviolet;Urban Masked"
)
GLOVES = _words(
    "Bloodhound Gloves;Broken Fang Gloves;Driver Gloves;Hand Wraps;Hydra Gloves;Moto Gloves;Specialist Gloves;"
    "Sport Gloves"
)
GLOVE_FINISHES = _words(
    "Amphibious;Arid;Bronze Morph;Cool Mint;Crimson Weave;Emerald Web;Guerrilla;Hedge Maze;Imperial Plaid;Lunar Weave;"
    "Spruce DDPAT;Superconductor;Vice"
)
STICKERS = _words(
    "Astralis;BIG;Cloud9;ENCE;Eternal Fire;FaZe Clan;FURIA;Fnatic;G2 Esports;GamerLegion;Heroic;Imperial Esports;"
    "Into the Breach;Liquid;MOUZ;Monte;Natus Vincere;Ninjas in Pyjamas;OG;Outsiders;paiN Gaming;Spirit;The MongolZ;"
    "Virtus.pro;Vitality;apEX;blameF;broky;dupreeh;flameZ;frozen;huNter-;jL;karrigan;m0NESY;magixx;mezii;NiKo;rain;"
    "ropz;s1mple;sh1ro;siuhy;Spinx;stavn;torzsi;twistzz;xertioN;yuurih;zont1x;ZywOo"
)
EVENTS = _words(
    "Antwerp 2022;Atlanta 2017;Austin 2025;Berlin 2019;Boston 2018;Copenhagen 2024;Cologne 2016;Katowice 2019;"
    "Krakow 2017;London 2018;Paris 2023;Rio 2022;Shanghai 2024;Stockholm 2021"
)
STICKER_FINISHES = ("", " (Glitter)", " (Holo)", " (Gold)")
CASES = _words(
    "Breakout;Bravo;Chroma;Chroma 2;Chroma 3;Clutch;Danger Zone;Dreams & Nightmares;Falchion;Fracture;Gamma;Gamma 2;"
    "Glove;Horizon;Huntsman;Kilowatt;Phoenix;Prisma;Prisma 2;Recoil;Revolution;Shadow;Snakebite;Spectrum;Spectrum 2;"
    "Vanguard;Wildfire"
)

HERO_ITEMS = _words(
    "Armor;Arms;Axe;Back;Banner;Belt;Blade;Bow;Bracers;Cape;Crown;Dagger;Gauntlets;Greaves;Guard;Hammer;Helm;Hood;"
    "Lance;Locks;Mantle;Mask;Orb;Pauldrons;Robe;Shawl;Shield;Skull;Staff;Sword;Tail;Treads;Veil;Wings;Wraps"
)
EPITHETS = _words(
    "Ancient Sovereign;Arctic Hall;Ashen Rite;Barren Vector;Black Dune;Blazing Oblivion;Bone Scepter;Burning Nest;"
    "Chained Mistress;Cinder Baron;Corrupted Grove;Crimson Cut-throat;Dark Wraith;Deadly Nightshade;Deep Vault;"
    "Demonic Archivist;Divine Anchor;Dread Retribution;Elder Myth;Emerald Age;Eternal Seasons;Exiled Ronin;"
    "Fallen Spear;Fathomless Sea;Forgotten Tactician;Frozen Vigil;Gilded Falcon;Hallowed Flame;Hidden Talent;"
    "Infernal Maw;Iron Claw;Jagged Honor;Keen Machine;Lost Star;Nether Grandmaster;Outcast King;Pale Augur;"
    "Primeval Predator;Quiet Storm;Riven Rage;Sacred Light;Scarlet Quarry;Silent Ripper;Twisted Arc;Unbroken Oath;"
    "Vengeful Tyrant;Wandering Demon;Withering Pain"
)
DOTA_QUALITIES = ("", "Inscribed ", "Exalted ", "Genuine ", "Autographed ", "Frozen ")

TF2_QUALITIES = ("", "Strange ", "Vintage ", "Genuine ", "Haunted ", "Unusual ", "Collector's ")
KILLSTREAKS = ("", "Killstreak ", "Specialized Killstreak ", "Professional Killstreak ")
TF2_WEAPONS = _words(
    "Ambassador;Axtinguisher;Backburner;Black Box;Blutsauger;Brass Beast;Crusader's Crossbow;Degreaser;Detonator;"
    "Direct Hit;Eyelander;Flame Thrower;Flare Gun;Force-A-Nature;Frontier Justice;Grenade Launcher;Gunslinger;Huntsman;"
    "Kritzkrieg;Kukri;L'Etranger;Loch-n-Load;Medi Gun;Minigun;Natascha;Overdose;Persian Persuader;Pistol;Quick-Fix;"
    "Rescue Ranger;Revolver;Rocket Launcher;Scattergun;Shotgun;Sniper Rifle;Spy-cicle;Stickybomb Launcher;Ubersaw;"
    "Wrench;Your Eternal Reward"
)
HAT_STYLES = _words(
    "Bolted;Charmer's;Detective;Ghastly;Hellish;Hunter's;Lucky;Magnificent;Merc's;Noble;Team Captain's;Texan;Towering;"
    "Tyrant's;Veteran's"
)
HATS = _words("Beret;Bowler;Cap;Chapeau;Fedora;Gibus;Helm;Hood;Mask;Mohawk;Pith Helmet;Top Hat")
WAR_PAINTS = _words(
    "Airwolf;Autumn;Balloonicorn;Blasted Bombardier;Bloom Buffed;Bonk Varnished;Civil Servant;Coffin Nail;Current "
    "Event;Flower Power;High Roller's;Killer Bee;Liquid Asset;Nutcracker;Night Owl;Night Terror;Pumpkin Patch;"
    "Rainbow;Sand Cannon;Shot in the Dark"
)

RUST_STYLES = _words(
    "Alpha;Apocalyptic;Arctic;Azul;Bandit;Big Grin;Blackout;Bombshell;Carbon;Chieftain;Corrosive;Cyber;Dead Man's;"
    "Digital Camo;Doodle;Dragon;Ember;Forest Raider;Frostbite;Ghost;Glory;Golden;Graffiti;Hazmat;Heirloom;Horror;"
    "Lifeline;Looter's;Lunar New Year;Metalhunter;Neon;No Mercy;Nomad;Northern;Ocean;Old School;Patriot;Phantom;"
    "Plate;Punishment;Rebel;Redemption;Retro Wave;Royal;Rusted;Salvaged;Scorched;Shadow;Space Raider;Spirit;Steel;"
    "Tempered;Toxic;Training;Tribal;Victor;Warlord;Whiteout;Woodland;Yeti"
)
RUST_ITEMS = _words(
    "AK47;Armored Door;Assault Rifle Vest;Balaclava;Bandana;Bed;Bolt Rifle;Bone Knife;Boots;Burlap Shirt;Chair;"
    "Coffee Can Helmet;Combat Knife;Concrete Barricade;Crossbow;Custom SMG;Double Barrel;Facemask;Furnace;Garage Door;"
    "Gloves;Hammer;Hoodie;Jacket;Kilt;L96 Rifle;LR300;Large Box;Longsword;M249;MP5;Metal Chest Plate;Pants;Pickaxe;"
    "Poncho;Pump Shotgun;Python;Revolver;Roadsign Vest;Rock;Rocket Launcher;Rug;SAP;SAR;Salvaged Axe;Sleeping Bag;"
    "Stone Hatchet;Thompson;Vending Machine;Wood Storage Box"
)
