"""Words for people, and for what is said of them that is nobody's business. In lower case but where only capitals tell.

Lists whose names end in `_PATTERNS` hold regular expressions, for texts whose apostrophes are straight.
"""

from workshops.personal_data.word_lists import phrase_set, word_set

FAMILY = word_set(
    """
    son daughter child kid baby toddler boy girl lad lass twin grandson granddaughter grandchild stepson stepdaughter
    mother father mum mam mom dad parent stepmother stepfather stepdad stepmum brother sister sibling
    nan nana nanna gran grandma grandmother grandad granddad grandfather granny auntie aunty aunt uncle cousin nephew niece
    wife husband partner ex girlfriend boyfriend fiance fiancee mother-in-law father-in-law eldest oldest youngest
    """
)
PEOPLE = FAMILY | phrase_set(
    """
    man, woman, gentleman, lady, bloke, guy, chap, person, teenager, teen, youngster, pensioner, neighbour, friend, mate,
    tenant, resident, patient, client, customer, caller, visitor, carer, foster carer, colleague, learner, pupil, student, apprentice,
    survivor, victim, widow, widower, newborn, infant, schoolboy, schoolgirl, little one, other one, veteran, rough sleeper, family
    """
)
ROLES = phrase_set(
    """
    midwife, nurse, school nurse, community nurse, district nurse, health visitor, doctor, gp, consultant, surgeon, paramedic, pharmacist,
    dentist, optician, psychologist, psychiatrist, counsellor, therapist, speech therapist, occupational therapist, physio,
    physiotherapist, dietitian, social worker, support worker, youth worker, family worker, outreach worker, care worker,
    key worker, nursery worker, drugs worker, link worker, housing officer, police officer, officer, pcso, constable, inspector, sergeant, firefighter,
    teacher, headteacher, head, teaching assistant, assistant, tutor, lecturer, librarian, caretaker, cleaner, cook, chef,
    porter, driver, warden, manager, director, chief executive, commissioner, councillor, mayor, leader, lead, chair, governor,
    treasurer, secretary, trustee, imam, vicar, priest, rabbi, minister, chaplain, interpreter, translator, speaker, signer,
    solicitor, lawyer, barrister, magistrate, judge, landlord, landlady, shopkeeper, barber, electrician, plumber, builder,
    worker, volunteer, employee, member, advocate, coordinator, co-ordinator, organiser, receptionist, administrator, analyst, researcher,
    lifeguard, coach, bobby, musician, artist
    """
)
# What stands before a person in small letters, with one more word perhaps.
DETERMINERS = word_set("a an the this that one my his her their our your another some any no each every")

# After a condition these show that a service is meant: “the mental health team”.
SERVICES = word_set(
    """
    team teams service services clinic clinics unit units ward wards centre centres cafe café pathway pathways support
    strategy group groups charity charities network networks hub hubs programme project scheme policy course courses training class classes
    session sessions friendly awareness nurse nurses worker workers practitioner practitioners specialist specialists consultant
    officer officers lead leads advice advisor adviser drop-in helpline line hotel hotels accommodation hostel housing home homes care
    hospital school schools college register list lists budget fund funding grant campaign charter week month day history
    act law rights research study form forms leaflet leaflets screening test tests testing vaccine prevention board
    partnership forum society association alliance federation council church mosque temple community communities population
    rates rate figures statistics data inclusion in-reach inreach outreach department system sector agenda appointment
    appointments tribunal court courts minister ministry bill crisis reform speaking speakers language interpreter interpreters
    food takeaway restaurant shop cooking festival radio literature
    """
)

HEALTH_NOUNS = phrase_set(
    """
    autism, asperger's, aspergers, asd, adhd, dyslexia, dyspraxia, dyscalculia, tourette's, tourettes, down's syndrome, down syndrome,
    learning disability, learning disabilities, learning difficulties, special needs, additional needs, complex needs, cerebral palsy, spina bifida,
    epilepsy, seizures, fits, asthma, diabetes, type 1 diabetes, type 2 diabetes, cancer, breast cancer, leukaemia, lymphoma, tumour, brain tumour,
    dementia, alzheimer's, alzheimers, parkinson's, parkinsons, huntington's, multiple sclerosis, motor neurone disease, mnd, copd, emphysema,
    bronchitis, cystic fibrosis, sickle cell, thalassaemia, haemophilia, hepatitis, hep c, hiv, tuberculosis, syphilis, std, sti,
    schizophrenia, psychosis, bipolar disorder, personality disorder, borderline personality disorder, bpd, eupd, depression, postnatal depression, post-natal depression,
    anxiety, panic attacks, ptsd, ocd, eating disorder, anorexia, bulimia, self-harm, suicidal thoughts, hallucinations, delusions, paranoia,
    mental health problems, mental health issues, mental health problem, mental illness, mental breakdown, breakdown, addiction, drug addiction, alcoholism, drink problem,
    drug problem, alcohol problem, gambling problem, heroin habit, heart attack, heart condition, heart failure, heart disease, stroke, angina, high blood pressure,
    kidney failure, kidney disease, liver disease, cirrhosis, dialysis, transplant, arthritis, fibromyalgia, me/cfs, chronic fatigue,
    lupus, crohn's, crohns, colitis, ibs, coeliac disease, long covid, sepsis, meningitis, pneumonia, osteoporosis, sciatica, chronic pain, migraines,
    brain injury, head injury, spinal injury, hearing loss, sight loss, visual impairment, hearing impairment, glaucoma, cataracts, stammer, syndrome,
    miscarriage, stillbirth, abortion, termination, pregnancy, ivf, hysterectomy, mastectomy, chemotherapy, chemo, radiotherapy,
    disability, disabilities, condition, long-term condition, diagnosis, colostomy, catheter, feeding tube, tracheostomy, obesity, eczema, psoriasis
    """
)
# What happened to a person once, and is no condition that they live with.
HEALTH_EVENTS = phrase_set(
    """
    heart attack, stroke, breakdown, mental breakdown, miscarriage, stillbirth, abortion, termination, transplant, brain injury,
    head injury, spinal injury, sepsis, meningitis, pneumonia, hysterectomy, mastectomy, panic attacks, seizures, fits
    """
)
# Only in capitals, because in small letters or as part of a name they are other words.
HEALTH_CAPITALS = word_set("AIDS ADD MS ME CP TB HIV COPD PTSD OCD ADHD ASD CFS MND FASD IBS EUPD BPD")
HEALTH_ADJECTIVES = phrase_set(
    """
    autistic, dyslexic, dyspraxic, epileptic, diabetic, asthmatic, bipolar, schizophrenic, psychotic, suicidal, depressed, anorexic, bulimic,
    pregnant, expecting a baby, blind, deaf, partially sighted, visually impaired, hearing impaired, hard of hearing, disabled, paraplegic, quadriplegic, paralysed,
    wheelchair-bound, housebound, bedbound, non-verbal, nonverbal, hiv positive, hiv-positive, alcoholic, premature, brain-damaged, brain damaged, incontinent,
    terminally ill, mentally ill, seriously ill, severely ill, infertile, obese, immunosuppressed, immunocompromised, neurodivergent, neurodiverse,
    sectioned, hospitalised, in a coma, in intensive care, in rehab, in recovery, clinically vulnerable, extremely vulnerable, paranoid, delusional, manic, traumatised
    """
)
HEALTH_PATTERNS = [
    r"(?:been )?diagnosed (?:as|with)|diagnosis of [\w'-]+",
    r"suffer(?:s|ed|ing)? from [\w'-]+",
    r"lives? with (?:dementia|hiv|ms|cancer|depression|anxiety|chronic pain|[\w'-]+ disease)",
    r"on (?:methadone|anti-?depressants|anti-?psychotics|insulin|dialysis|oxygen|sertraline|citalopram|fluoxetine|prozac|mirtazapine"
    r"|lithium|clozapine|olanzapine|diazepam|valium|pregabalin|gabapentin|morphine|tramadol|warfarin|ritalin|steroids|chemo(?:therapy)?"
    r"|the transplant list|a ventilator|life support|a drip|subutex|buprenorphine|heroin|crack|spice)",
    r"tak(?:es|en|ing|e|ing) (?:an overdose|methadone|insulin|heroin|crack|spice|drugs|anti-?depressants|anti-?psychotics)",
    r"took an overdose|overdosed|self[- ]harm(?:s|ed|ing)?|hear(?:s|ing|d)? voices|miscarried|relapsed",
    r"(?:tried|attempted|trying) to (?:kill|hang|harm|hurt) (?:himself|herself|myself|themselves|themself)|tak(?:e|en) (?:his|her|my|their) own life",
    r"(?:uses?|using|used|needs?|in) a wheelchair|can(?:not|'t) (?:see|hear|walk|speak)(?=[.,;:!?]|$| and| or)",
    r"tested positive|had covid|caught covid|got covid",
    r"(?:lost|losing|lose) (?:his|her|my|their|a|the) (?:leg|foot|arm|hand|eye|sight|eyesight|hearing|speech|baby)(?: to [\w'-]+)?",
    r"addicted to (?:heroin|crack|cocaine|drugs|alcohol|drink|gambling|spice|painkillers|opiates|opioids|pills|codeine|valium|cannabis|weed|meth)",
    r"(?:died|dying|die) of (?:an? )?[\w'-]+",
    r"(?:\w+ (?:months|weeks) )pregnant",
    r"(?:treated|treatment) for (?:cancer|depression|hiv|psychosis|an? [\w'-]+ disorder)",
    r"(?:an? |the )?(?:recovering )?(?:alcoholic|drug addict|addict|drug user|heroin user|amputee|wheelchair user|diabetic|schizophrenic|epileptic|asthmatic)(?! (?:anonymous|and drug))",
]

IMMIGRATION_LABELS = phrase_set(
    """
    asylum seeker, asylum-seeker, failed asylum seeker, refugee, illegal immigrant, overstayer, unaccompanied minor,
    unaccompanied asylum-seeking child, undocumented migrant, economic migrant, migrant, immigrant, stateless person, trafficking victim
    """
)
IMMIGRATION_NOUNS = phrase_set(
    """
    visa, asylum claim, asylum case, asylum application, asylum interview, leave to remain, indefinite leave, settled status, pre-settled status,
    immigration status, immigration case, immigration papers, residence permit, work permit, deportation, deportation order, right to remain, refugee status,
    no recourse to public funds, no recourse, nrpf, home office papers, home office interview
    """
)
IMMIGRATION_PATTERNS = [
    r"seeking asylum|(?:claim|sought|claimed|claiming|granted|refused) asylum|undocumented|stateless|paperless|overstay(?:ed|s|ing)?",
    r"trafficked|deported|detained (?:at|in|by) (?:immigration|yarl's wood|the home office|a detention centre)",
    r"(?:in|from) (?:an? )?(?:immigration )?(?:detention|removal) centre|here illegally|in the country illegally|smuggled in",
    r"no recourse(?: to public funds)?",
]

OFFENCE_LABELS = phrase_set(
    """
    ex-offender, offender, sex offender, registered sex offender, ex-prisoner, ex-con, convict, prisoner, drug dealer, burglar, thief,
    shoplifter, gang member, paedophile, rapist, arsonist, fraudster, murderer, abuser, perpetrator, known criminal
    """
)
OFFENCE_NOUNS = phrase_set(
    """
    criminal record, criminal convictions, criminal past, conviction, convictions, previous convictions, prison sentence, jail sentence, asbo,
    probation officer, parole, court case, suspended sentence, community order, restraining order, record, warrant, caution
    """
)
OFFENCE_PATTERNS = [
    r"(?:been )?(?:in|inside|out of|to|from|left) (?:prison|jail|gaol|custody|borstal|hmp(?: \w+)?|a young offenders'? institution|strangeways)"
    r"(?![ -](?:in-?reach|service|team|visits?|officer|staff))",
    r"on (?:probation|remand|bail|parole|licence from|a tag|tag|the sex offenders'? register)(?! (?:team|service|office|staff))",
    r"convicted(?: of [\w'-]+)?|arrested|cautioned|jailed|imprisoned|sentenced|remanded|locked up|banged up|charged with [\w'-]+",
    r"released from (?:prison|jail|custody|remand|hmp|strangeways|\ue000+|(?-i:[A-Z]\w+))",
    r"served (?:\w+ )?(?:\w+ )(?:years?|months?|weeks?)(?: for| inside| in|$|(?=[.,;]))|did (?:time|bird|\w+ (?:years|months|weeks)(?: for| inside))",
    r"done time|doing time|up in court|(?:in|to) court (?:for|in|on|over)",
    r"(?:caught|done for|nicked for|arrested for) (?:shoplifting|stealing|dealing|drink[- ]driving|fighting|assault|burglary|robbery|fraud)",
    r"(?:stole|robbed|burgled|stabbed|assaulted|raped|groomed|dealt drugs|deals drugs|sells drugs|sold drugs)",
]

ETHNIC_ADJECTIVES = phrase_set(
    """
    Roma, Romany, Gypsy, Traveller, Irish Traveller, Irish Travellers, Gypsies, Black, Black British, Black African, Black Caribbean, Afro-Caribbean,
    African-Caribbean, African, Caribbean, West Indian, Asian, South Asian, British Asian, East Asian, mixed race, mixed-race, dual heritage, mixed heritage, biracial, Arab, Kurdish,
    Kurd, Pakistani, Indian, Bangladeshi, Bengali, Punjabi, Gujarati, Tamil, Sri Lankan, Nepali, Kashmiri, Pashtun, Afghan, Iranian, Iraqi, Syrian,
    Turkish, Yemeni, Egyptian, Libyan, Moroccan, Algerian, Sudanese, Somali, Eritrean, Ethiopian, Nigerian, Ghanaian, Kenyan, Ugandan, Zimbabwean,
    Congolese, Gambian, Jamaican, Trinidadian, Bajan, Chinese, Hong Kong Chinese, Vietnamese, Filipino, Filipina, Japanese, Korean, Thai, Malaysian, Polish,
    Romanian, Bulgarian, Hungarian, Slovak, Slovakian, Czech, Lithuanian, Latvian, Estonian, Ukrainian, Russian, Albanian, Kosovan, Portuguese, Brazilian, Irish,
    Italian, Spanish, Greek, Cypriot, Jewish Israeli, Palestinian, Lebanese, Yoruba, Igbo, brown, black, white
    """
)
COUNTRIES = phrase_set(
    """
    pakistan, india, bangladesh, nigeria, ghana, jamaica, kenya, ethiopia, eritrea, sudan, south sudan, somalia, zimbabwe, gambia, congo, the congo, uganda, syria,
    iraq, iran, afghanistan, turkey, yemen, egypt, libya, morocco, palestine, gaza, albania, kosovo, bulgaria, hungary, romania, poland, slovakia,
    lithuania, latvia, estonia, russia, ukraine, portugal, brazil, vietnam, china, hong kong, the philippines, sri lanka, nepal, sierra leone,
    cameroon, ivory coast, senegal, rwanda, burundi, angola, mozambique, venezuela, colombia, el salvador, myanmar, burma
    """
)
RELIGIOUS_ADJECTIVES = phrase_set(
    """
    Muslim, Christian, Jewish, Hindu, Sikh, Buddhist, Catholic, Roman Catholic, Protestant, Quaker, Methodist, Baptist, Anglican, Pentecostal, Mormon, Jehovah's Witness,
    Evangelical, Orthodox, Orthodox Jew, Jew, Rastafarian, Rasta, Pagan, atheist, Ahmadi, Sunni, Shia, Jain, Parsi, Adventist,
    born-again Christian, Plymouth Brethren, very religious, deeply religious, religious
    """
)
RELIGIOUS_PATTERNS = [
    r"go(?:es|ing)? to (?:the |a |his |her )?(?:mosque|church|chapel|gurdwara|temple|synagogue|mass|kingdom hall)(?! (?:hall|hub|kitchen|car park|for (?:the|a) (?:meeting|parcel|food)))",
    r"(?:converted to|reverted to|left|lost (?:his|her|my) faith in|found) (?:islam|christianity|judaism|the church|god|jesus|allah)",
    r"(?:wears?|wearing|wore) (?:a|the|her|his) (?:hijab|niqab|burqa|burka|headscarf|turban|kippah|kippa|crucifix|skullcap)",
    r"prays? five times|fasts?(?:ing)? (?:for|in|during) (?:ramadan|lent)|fasting",
    r"keeps? kosher|only eats halal|reads? the (?:bible|qur'?an|koran)",
]

ORIENTATION_ADJECTIVES = phrase_set(
    """
    gay, lesbian, bisexual, queer, trans, transgender, transsexual, non-binary, nonbinary, asexual, pansexual, intersex, homosexual, transitioning, genderfluid
    """
)
ORIENTATION_PATTERNS = [
    r"c(?:a|o)me out as (?:gay|lesbian|a lesbian|bi|bisexual|trans|transgender|queer|non-binary)",
    r"c(?:a|o)me out (?:to|at) (?:(?:his|her|my|their) (?:mum|mother|dad|father|parents|family|school|work|wife|husband)|\w+(?=[.,;!?]|$))",
    r"identif(?:y|ies|ied) as (?:gay|lesbian|bi|bisexual|trans|transgender|queer|non-binary)",
    r"(?:used to be|born) a (?:man|woman|boy|girl)|born in the wrong body|had a sex change",
    r"attracted to (?:men|women|other men|other women|boys|girls)",
]

UNIONS = r"(?:unison|unite|gmb|nasuwt|neu|nut|rcn|rcm|bma|pcs|ucu|rmt|aslef|usdaw|cwu|fbu|num|napo|equity|the union|a union|a trade union)"
UNION_PATTERNS = [
    rf"(?:an? |the )?(?:active )?member of {UNIONS}(?!\w)",
    rf"(?:an? |the |our |my )?(?:{UNIONS.removeprefix('(?:')[:-1]}|union|trade union) (?:rep|representative|steward|convenor|official|activist|member|organiser)(?!s?\w)",
    r"(?:an? |the |our )?shop steward",
    rf"in (?:the )?{UNIONS}(?!\w)",
    rf"(?:joined|left|joins|joining) (?:the )?{UNIONS}(?!\w)",
    r"(?:on|went on|go on|out on|going on|walked out on) strike|(?:on|crossed|crossing) the picket line",
]
PARTIES = (
    r"(?:labour|tory|tories|the tories|conservatives?|the conservatives|lib ?dems?|the lib ?dems|liberal democrats?|the greens|green"
    r"|ukip|reform(?: uk)?|bnp|the bnp|edl|the edl|plaid(?: cymru)?|snp|the snp|sinn f[eé]in|dup|momentum|the brexit party|brexit party|leave|remain|communist|socialist)"
)
POLITICS_PATTERNS = [
    rf"vot(?:es?|ed|ing) (?:for )?{PARTIES}(?!\w)",
    rf"(?:an? |the )?member of (?:the )?{PARTIES}(?: party)?(?!\w)",
    r"(?:an? |the |our |my )?(?:former |ex-)?(?-i:Labour|Tory|Conservative|Green|Lib ?Dem|Liberal Democrat|UKIP|Reform|BNP|Communist|Socialist)"
    r" (?:councillor|voter|member|supporter|candidate|activist|man|woman|canvasser)(?!\w)",
    rf"(?:stood|standing|stands|campaigned|campaigns|canvassed|canvasses|leaflets|leafleted) (?:for|against) (?:the )?(?:{PARTIES}|brexit)(?!\w)",
    rf"(?:joined|left|supports?|supported) (?:the )?{PARTIES}(?: party)?(?!\w)",
    r"(?:an? )(?:lifelong )?(?-i:Tory|Conservative|Communist|Socialist|Brexiteer|Remainer|Leaver)(?= (?:and|who|but|since|all)|[.,;!?]|$)",
]

# Things that are so many years old: “the two-year-old strategy”.
OLD_THINGS = word_set(
    """
    offer offers strategy strategies plan plans policy policies report reports project scheme service contract building laptop computer
    phone system software form document agreement car van bus boiler website database problem funding places place entitlement
    provision programme boys girls children check checks review assessment
    """
)
